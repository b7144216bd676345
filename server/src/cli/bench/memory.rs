//! What the system tells of this process, where it does.

/// Memory of this process that lies in RAM, in bytes.
pub(super) fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    kib.checked_mul(1_024)
}

/// How many files this process may have open at once; nothing where that is not told, or not limited.
pub(super) fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells_of_a_process_is_in_bytes_and_files() {
        assert!(resident().is_none_or(|bytes| bytes > 1_024 * 1_024));
        assert!(open_files().is_none_or(|files| files > 2));
    }
}

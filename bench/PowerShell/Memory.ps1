# The memory of this process in bytes: present and peak, by the system's own count if it has one.
function Get-Memory {
    if ($IsLinux) {
        $lines = [System.IO.File]::ReadAllLines('/proc/self/status')
        $bytes = @{}
        foreach ($line in $lines) {
            if ($line -match '^(VmRSS|VmHWM):\s+(\d+) kB') {
                $bytes[$Matches[1]] = 1024 * [long]$Matches[2]
            }
        }

        return @{ Now = $bytes['VmRSS']; Peak = $bytes['VmHWM'] }
    }

    $process = [System.Diagnostics.Process]::GetCurrentProcess()
    return @{ Now = $process.WorkingSet64; Peak = $process.PeakWorkingSet64 }
}

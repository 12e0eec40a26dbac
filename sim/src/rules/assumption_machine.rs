//! The rows of the assumptions on how long the platform takes with a machine: to make it, to bring it out of service and back,
//! and to stop it. They stand before the others; the table is in `assumption_table.rs`.
//!
//! Where operations of whole sets were recorded, the slowest instance ends them, and the length of one is the lognormal that is
//! likeliest to give such slowest ones; `tests/reality_fits.rs` does that again from the seconds. How a recorded create
//! divides into the call, the spread over its instances and the boot is a choice, which these rows make.

/// Makes the table of these rows, of the rows given and of those that recordings raised.
macro_rules! with_machine {
    ($($rows:tt)*) => {
        with_recorded! {
            VmssProvision = "vmss.provision", recorded(lognormal(s(45), 0.62), (s(15), s(150))),
                "The time of a create call of a Uniform set until its machines run and begin to boot; all machines of one call share it. \
                 An instance that starts again draws its own time.",
                "Recorded: sets of two Linux instances to Succeeded, less 14 s for the network of the deployment, 30/64/134 s (p5/p50/p95, \
                 2023 to 2025, n=58); the boot and the spread are subtracted. The spread includes sizes and disks: Standard_A3 took 130 s, \
                 sets without surplus and on ephemeral disks 83 to 104 s.";
            VmssProvisionFlexible = "vmss.provision_flexible",
                recorded(two_modes((s(6), 0.8), (s(55), 0.4), 0.3), (s(3), s(30))),
                "The same for a Flexible set, whose machines are created like single machines.",
                "Recorded: sets of two Linux instances to Succeeded, less 14 s for the network of the deployment, 20/41/109 s (2023 to \
                 2025, n=30), half of them within 38 s and a third beyond 70 s; the boot and the spread are subtracted. It is fast only if \
                 a pre-provisioned machine is in stock, says Microsoft's support (jenkinsci/azure-vm-agents #705).";
            VmOsDiskSwap = "vm.os_disk_swap", dist(lognormal(s(75), 0.4), s(0), h(1)),
                "Time from the start of a swap of the OS disk until the machine runs again; the boot of the new image follows.",
                "It is a stop and an attach: one and a half minutes in total with a boot of Linux. No recording shows a swap of disks; the \
                 range is that of recorded reimages, which do the same work.";
            VmReimage = "vm.reimage", recorded(lognormal(s(48), 0.15), (s(40), s(80))),
                "Time from the start of a reimage until the machine runs again; the boot of its image follows.",
                "Recorded with its boot: Linux 60 to 87 s (n=12, 2020 to 2024), Windows from 89 s, and 391 to 584 s with extensions, which \
                 `extension.windows_wait` covers; the boot is subtracted.";
            VmRestart = "vm.restart", recorded(lognormal(s(33), 0.44), (s(14), s(128))),
                "Time from the start of a restart until the machine runs again; the boot of its image follows.",
                "Recorded: Linux sets of two 25.8 to 60.6 s (n=5), Windows sets of five 41.4 to 50 (n=4), one of Windows 40 to 128 (n=4, \
                 all 2022 to 2024), until the machines run, not until their systems are up. From 2018 to 2021 half of them took 1.3 to 3.3 \
                 s, and the others 8 to 105 s: the platform answered earlier then.";
            VmOsDiskRestore = "vm.os_disk_restore", dist(lognormal(s(75), 0.4), s(0), h(1)),
                "Time until the previous OS disk is restored and the machine runs; the boot of its image follows.",
                "It is the same work as the swap that it undoes.";
            VmDeallocateLinux = "vm.deallocate_linux",
                recorded(slow_tail(s(19), 0.36, (0.02, s(90), s(290))), (s(9), s(95))),
                "Time from a deallocation or eviction of a Linux machine until it is removed and its place is free; it stops serving at \
                 once.",
                "Recorded: sets of two 14.9 to 30.5 s (n=7, 2023 to 2025), single machines 8.7 to 55.1 and one in 288 (n=34, 2023 to \
                 2025). In 2020 and 2021 they took 27 to 66 and one 272 (n=43), before that to 152 (n=17).";
            VmDeallocateWindows = "vm.deallocate_windows",
                recorded(slow_tail(s(33), 0.28, (0.02, s(90), s(290))), (s(20), s(144))),
                "The same for a Windows machine.",
                "Recorded: one of a set 30.7 to 39.2 s (n=4), sets of two 21.1 to 42.5 (n=4, 2022 to 2024); 41 to 125 in 2020 and 2021 \
                 (n=5), 103 to 144 in 2018 (n=3).";
            VmPowerOffLinux = "vm.power_off_linux", recorded(lognormal(ms(7_000), 0.34), (s(4), s(18))),
                "Time from a power-off of a Linux machine until it is stopped; it stops serving at once.",
                "Recorded: sets of two 5.2 to 10.6 s (n=5, 2023 and 2024), 6.5 to 17.6 in 2020 and 2021 (n=14); single machines 5.8 to \
                 10.5 (n=7, 2022 to 2024).";
            VmPowerOffWindows = "vm.power_off_windows", recorded(lognormal(s(15), 0.33), (s(9), s(47))),
                "The same for a Windows machine.",
                "Recorded: one of a set 15.4 to 24.2 s (n=4), sets of five 16.0 to 36.0 (n=4, 2022 to 2024); sets of two to five 8.9 to \
                 47.2 before (n=10).";
            VmPowerOnLinux = "vm.power_on_linux", recorded(lognormal(ms(4_000), 0.45), (s(2), s(18))),
                "Time from the start of a stopped (not deallocated) Linux machine until it runs; its boot follows.",
                "Recorded: sets of two 3.5 to 9.4 s (n=5, 2023 and 2024), 2.6 to 17.3 in 2020 and 2021 (n=9).";
            VmPowerOnWindows = "vm.power_on_windows",
                recorded(slow_tail(ms(6_000), 0.35, (0.03, s(60), s(120))), (s(4), s(22))),
                "The same for a Windows machine.",
                "Recorded: one of a set 4.0 to 5.2 s, and 113.5 once (n=4), sets of five 9.6 to 10.3 (n=4, 2022 to 2024); 5.2 to 21.6 \
                 before (n=8).";
            VmRedeploy = "vm.redeploy", recorded(lognormal(ms(119_000), 0.06), (s(21), s(127))),
                "Time from a redeploy until the machine runs on another host; the boot of its image follows.",
                "Recorded: instances of sets 109.4 to 126.6 s (n=4) and single machines 113.8 to 123.5 (n=4, 2022 to 2024); in 2020 and \
                 2021 sets 32 to 123 (n=7), single machines 21 to 36 (n=3).";
            $($rows)*
        }
    };
}
pub(super) use with_machine;

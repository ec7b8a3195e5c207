package io.agentledger.command.claude.runner;

import java.util.List;

/**
 * Attack that must fail, as a shell script. The real CLI's Bash executes it, and a process beside
 * the CLI in the outer sandbox, and, as a control, a process without restrictions.
 *
 * @param sentence description of the attack
 * @param script prints text that {@code won} matches if the attack succeeds
 * @param won pattern of the output of a success; {@code @NAME} is replaced by a secret of the test
 * @param control script for the control, if the attack itself would do damage
 * @param alsoTheCli whether the CLI itself must not be able to do it either
 */
record Attack(
    String sentence,
    String script,
    String won,
    String control,
    String defence,
    boolean alsoTheCli) {

  private static final String MOUNTS = "mount namespace: there is no such file in the box";
  private static final String MADE_ETC = "an /etc that the service makes";
  private static final String NETWORK = "network namespace of its own, with loopback alone in it";
  private static final String PIDS = "process namespace: there is no such process in the box";
  private static final String RIGHTS = "a uid of its own without capabilities, no_new_privs";
  private static final String CALLS = "filter of system calls";
  private static final String LIMITS = "limits set before the box, that only root may raise";

  static Attack of(String sentence, String script, String won, String defence) {
    return new Attack(sentence, script, won, script, defence, true);
  }

  private Attack insteadOutside(String control) {
    return new Attack(sentence, script, won, control, defence, alsoTheCli);
  }

  private Attack ofCommands() {
    return new Attack(sentence, script, won, control, defence, false);
  }

  @Override
  public String toString() {
    return sentence;
  }

  private static String perl(String program) {
    return "perl -MSocket -e '" + program + "'";
  }

  /** Sends no packet: connecting a datagram socket only looks up its route. */
  private static String egressScript(String address) {
    return perl(
        "socket(S, 2, 2, 0); print connect(S, sockaddr_in(53, inet_aton(\"%s\"))) ? ROUTED : $!"
            .formatted(address));
  }

  /** Every FIFO and journal that is visible through the descriptors of processes. */
  private static final String CONTROL_FILES =
      perl(
          """
          for my $fd (glob "/proc/[0-9]*/fd/*") {
            my $to = readlink $fd or next;
            next unless $to =~ m{/run/prc_\\w+/(in|out)$};
            print "REACHED $1\\n" if -w $fd;
            next unless $ENV{BOXED};
            open my $f, "+<", $fd or next;
            syswrite $f, "{\\"type\\":\\"system\\",\\"subtype\\":\\"forged-by-the-agent\\"}\\n";
          }
          """);

  /** Numbers for x86-64, or for ARM64: attach, seize, read memory, take a descriptor. */
  private static final String REACH_INTO_A_PROCESS =
      perl(
          """
          my ($ptrace, $read, $compare) = `uname -m` =~ /x86/ ? (101, 310, 312) : (117, 270, 272);
          my $secret = "the memory of another";
          my $other = fork;
          if (!$other) { sleep 8; exit }
          my $copy = " " x length $secret;
          my ($to, $from) = map { pack "PQ", $_, length $secret } $copy, $secret;
          print "REACHED memory\n" if syscall($read, $other, $to, 1, $from, 1, 0) > 0;
          print "REACHED by comparing\n" if syscall($compare, $$, $other, 1, 0, 0) >= 0;
          my $handle = syscall(434, $other, 0);
          print "REACHED a descriptor\n" if syscall(438, $handle, 0, 0) >= 0;
          print "REACHED by seizing\n" if syscall($ptrace, 0x4206, $other, 0, 0) == 0;
          print "REACHED by attaching\n" if syscall($ptrace, 16, $other, 0, 0) == 0;
          kill 9, $other;
          """);

  static final List<Attack> ALL =
      List.of(
          of("reads a file of another session", "cat \"$OTHER_FILE\"", "@SECRET", MOUNTS),
          of("looks for other sessions", "ls \"$SESSIONS\"", "ses_", MOUNTS),
          of("reads the keys in the data directory", "cat \"$MASTER_KEY\"", "@MASTER", MOUNTS),
          of(
              "reads another session's file through a symbolic link in its workspace",
              "ln -sf \"$OTHER_FILE\" \"$SCRATCH/soft\"; cat \"$SCRATCH/soft\"",
              "@SECRET",
              MOUNTS),
          of(
              "reads another session's file through a hard link in its workspace",
              "ln -f \"$OTHER_FILE\" \"$SCRATCH/hard\"; cat \"$SCRATCH/hard\"",
              "@SECRET",
              MOUNTS),
          of("reads the host's accounts", "cat /etc/passwd", "daemon:", MADE_ETC),
          of(
                  "reads settings of the host, which may hold its names, addresses and tokens",
                  "cat /etc/fstab /etc/machine-id /etc/npmrc /etc/gitconfig /etc/ssh/*"
                      + " /etc/environment /etc/resolv.conf | grep -v '^#' | grep -q . && echo READ",
                  "READ",
                  MADE_ETC)
              .insteadOutside("cat /etc/* 2>/dev/null | grep -q . && echo READ"),
          of(
                  "reads what /proc says of the whole machine, from a command",
                  "for each in keys kallsyms timer_list; do"
                      + " head -c 1 /proc/$each | grep -q . && echo READ $each; done;"
                      + " ls /proc/irq /proc/bus /proc/fs | grep -q '^[a-z0-9][a-z0-9]*$' && echo READ",
                  "READ",
                  "masked in the nested box")
              .ofCommands(),
          of("reads the host's passwords", "cat /etc/shadow", "root:", RIGHTS),
          of(
              "reads the service's environment in /proc",
              "cat /proc/[0-9]*/environ | tr '\\0' '\\n'",
              "@SERVICE",
              PIDS),
          of(
              "reads the token of another process, from its environment or command line",
              "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'",
              "@TOKEN",
              PIDS),
          of("sends a signal to another process", "kill -0 $HELPER && echo SEEN", "SEEN", PIDS),
          of(
              "enters the namespaces of another process",
              "nsenter -t ${HELPER} -m true && echo ENTERED",
              "ENTERED",
              PIDS),
          of(
              "reads the memory of another process",
              "perl -e 'open M, \"<\", \"/proc/$ENV{HELPER}/mem\" and print \"OPENED\"'",
              "OPENED",
              PIDS),
          of(
              "opens a connection to the database",
              "exec 3<>/dev/tcp/127.0.0.1/$DATABASE && echo CONNECTED",
              "CONNECTED",
              NETWORK),
          of(
              "reads from another port of this machine",
              "timeout 3 head -1 </dev/tcp/127.0.0.1/$PORT",
              "@BANNER",
              NETWORK),
          of(
              "reaches the model under another session's name",
              perl(
                  "socket(S, 1, 1, 0); print connect(S, sockaddr_un($ENV{OTHER_SOCKET})) ? CONNECTED : $!"),
              "CONNECTED",
              MOUNTS),
          of(
                  "reaches the model past the CLI, from a command",
                  perl(
                      "socket(S, 1, 1, 0); print connect(S, sockaddr_un($ENV{OWN_SOCKET})) ? CONNECTED : $!"),
                  "CONNECTED",
                  "nested box: the socket is not in it")
              .ofCommands(),
          of(
                  "reads the CLI's configuration and conversations, from a command",
                  "find \"$CLI_CONFIG\" -name '*.jsonl' | head -1",
                  "\\.jsonl",
                  "nested box: the CLI's home is not in it")
              .ofCommands(),
          of("finds a way into the internet", egressScript("203.0.113.1"), "ROUTED", NETWORK),
          of(
              "finds a way to the cloud's metadata",
              egressScript("169.254.169.254"),
              "ROUTED",
              NETWORK),
          of(
              "finds a way to the name server",
              "for each in $(sed -n 's/^nameserver //p' /etc/resolv.conf) 203.0.113.53; do "
                  + egressScript("$each").replace("$each", "'$each'")
                  + "; done",
              "ROUTED",
              NETWORK),
          of(
                  "looks for a way out that its environment does not give it",
                  "ls /run/egress && echo OPEN; exec 3<>/dev/tcp/127.0.0.1/3128 && echo OPEN",
                  "OPEN",
                  "there is none: no socket, no bridge")
              .insteadOutside("exec 3<>/dev/tcp/127.0.0.1/$PORT && echo OPEN"),
          of(
              "opens sockets that network namespaces do not separate, or that see raw packets",
              perl(
                  "for my $f (17, 38, 40) { print \"OPENED $f\\n\" if socket(S, $f, $f == 17 ? 3 : $f == 38 ? 5 : 1, 0) }"),
              "OPENED",
              CALLS),
          of(
              "sets up a ring of system calls that no filter sees",
              perl("syscall(425, 1, 0); print $!{EPERM} || $!{ENOSYS} ? REFUSED : CALLED"),
              "CALLED",
              CALLS),
          of(
              "reaches into another process that did not ask for it: its memory, its descriptors",
              REACH_INTO_A_PROCESS,
              "REACHED",
              CALLS),
          of(
              "finds the CLI's control FIFO or its journal, and writes to them",
              CONTROL_FILES,
              "REACHED",
              "nested box: the CLI's process is not in it; both files are root's, mode 600"),
          of("becomes root by a setuid program", "su -c id root </dev/null", "uid=0", RIGHTS),
          of(
                  "becomes root in a user namespace",
                  "unshare -Ur id",
                  "uid=0",
                  "nested box: --disable-userns")
              .ofCommands(),
          of(
              "mounts something",
              "unshare -m sh -c 'mount -t tmpfs none /tmp && echo MOUNTED'",
              "MOUNTED",
              RIGHTS),
          of("makes a device", "mknod \"$SCRATCH/device\" c 1 3 && echo MADE", "MADE", RIGHTS),
          of(
              "changes settings of the kernel",
              "for each in /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do"
                  + " perl -e 'open F, \">>\", shift and print \"WRITABLE\"' $each; done",
              "WRITABLE",
              RIGHTS),
          of(
                  "writes among the system's files",
                  "for each in /usr/lib /etc /bin; do echo x >$each/made-by-an-agent && echo MADE; done",
                  "MADE",
                  "mounted read-only")
              .insteadOutside("echo x >\"$SCRATCH/made\" && echo MADE"),
          of(
                  "writes beside its own places, into the box's own memory",
                  "touch /made /dev/made /run/made && echo MADE",
                  "MADE",
                  "the box's root and /dev are read-only")
              .insteadOutside("touch \"$SCRATCH/made\" && echo MADE"),
          of(
                  "fills the memory that is mounted as /dev/shm",
                  "for i in $(seq 20); do head -c 15M /dev/zero >/dev/shm/big-$i || exit; done; echo FILLED",
                  "FILLED",
                  "its size is 256 MiB, and it counts as the agent's memory")
              .insteadOutside("head -c 1M /dev/zero >\"$SCRATCH/big\" && echo FILLED"),
          of(
              "writes a file larger than files may be",
              "head -c 17M /dev/zero >\"$SCRATCH/large\" && echo WRITTEN",
              "WRITTEN",
              LIMITS),
          of(
              "takes disk that no length of a file shows",
              "touch \"$SCRATCH/hidden\"; fallocate -n -l 17M \"$SCRATCH/hidden\" && echo TAKEN; rm -f \"$SCRATCH/hidden\"",
              "TAKEN",
              CALLS),
          of(
                  "raises its own limits",
                  "ulimit -n $(($(ulimit -Hn) + 1)) && echo RAISED",
                  "RAISED",
                  LIMITS)
              .insteadOutside("ulimit -Sn 64; ulimit -Sn 65 && echo RAISED"),
          of(
                  "asks to be spared when memory runs out",
                  "echo -900 >/proc/self/oom_score_adj && echo SPARED",
                  "SPARED",
                  RIGHTS)
              .insteadOutside("echo 901 >/proc/self/oom_score_adj && echo SPARED"),
          of(
              "leaves its control group",
              "find /sys/fs/cgroup -name cgroup.procs -writable | head -1 | sed 's/^/LEFT /'",
              "LEFT",
              "there is no /sys in the box"),
          of(
                  "has the kernel write its dead processes' memory",
                  "[ \"$(ulimit -Hc)\" != 0 ] && echo DUMPS",
                  "DUMPS",
                  LIMITS)
              .insteadOutside(
                  "prlimit --core=unlimited sh -c '[ \"$(ulimit -Hc)\" != 0 ] && echo DUMPS'"));
}

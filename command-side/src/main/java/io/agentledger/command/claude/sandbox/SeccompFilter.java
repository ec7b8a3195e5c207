package io.agentledger.command.claude.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The filter of system calls that is laid over a box, as the kernel reads it: no address families
 * but those of ordinary programs (a virtual machine's host is reached by a family that network
 * namespaces know nothing of), and nothing of the kernel's own that namespaces do not separate.
 */
final class SeccompFilter {
  /** Local, IPv4, IPv6, and netlink, by which a network namespace is looked at. */
  private static final List<Integer> FAMILIES = List.of(1, 2, 10, 16);

  private static final int EPERM = 1;
  private static final int EAFNOSUPPORT = 97;
  private static final int X32_CALLS = 0x4000_0000; // the x32 calls of an x86-64 kernel

  /**
   * One machine's calls.
   *
   * @param name as the JVM has it
   * @param auditId as the kernel has it
   * @param deniedCalls keys, modules, kernels, programs in the kernel, performance counters, memory
   *     faults, rings of calls that no filter sees, file handles, accounting, swap, quotas, reboot
   */
  private record Architecture(
      String name, int auditId, int socketCall, List<Integer> deniedCalls) {}

  private static final List<Architecture> ARCHITECTURES =
      List.of(
          new Architecture(
              "amd64",
              0xC000_003E,
              41,
              List.of(
                  248, 249, 250, 175, 176, 313, 246, 320, 321, 298, 323, 425, 426, 427, 304, 300,
                  163, 167, 168, 179, 443, 169, 172, 173, 103)),
          new Architecture(
              "aarch64",
              0xC000_00B7,
              198,
              List.of(
                  217, 218, 219, 105, 106, 273, 104, 294, 280, 241, 282, 425, 426, 427, 265, 262,
                  89, 224, 225, 60, 443, 142, 116)));

  private static final int LOAD = 0x20;
  private static final int EQUAL = 0x15;
  private static final int AT_LEAST = 0x35;
  private static final int RETURN = 0x06;
  private static final int ALLOW = 0x7FFF_0000;
  private static final int ERROR = 0x0005_0000;
  private static final int AT_NUMBER = 0;
  private static final int AT_ARCHITECTURE = 4;
  private static final int AT_FIRST_ARGUMENT = 16;

  private final ByteBuffer program = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

  private SeccompFilter() {}

  /** Whether the calls of this machine are known. */
  static boolean isSupported() {
    return currentArchitecture().isPresent();
  }

  private static Optional<Architecture> currentArchitecture() {
    String here = Map.of("x86_64", "amd64").getOrDefault(architectureName(), architectureName());
    return ARCHITECTURES.stream()
        .filter(architecture -> architecture.name().equals(here))
        .findFirst();
  }

  private static String architectureName() {
    return System.getProperty("os.arch");
  }

  /** Writes the filter where boxes find it; on a machine that is not known it lets all pass. */
  static void writeTo(Path file) throws IOException {
    SeccompFilter filter = new SeccompFilter();
    currentArchitecture().ifPresent(filter::addDenied);
    filter.addInstruction(RETURN, 0, 0, ALLOW);
    Path temporaryFile = file.resolveSibling(file.getFileName() + ".new");
    ByteBuffer program = filter.program.flip();
    byte[] bytes = new byte[program.remaining()];
    program.get(bytes);
    Files.write(temporaryFile, bytes);
    Files.setPosixFilePermissions(temporaryFile, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(temporaryFile, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void addDenied(Architecture architecture) {
    addInstruction(LOAD, 0, 0, AT_ARCHITECTURE);
    addInstruction(EQUAL, 1, 0, architecture.auditId());
    addError(EPERM); // Programs of another machine that this one also runs.
    addInstruction(LOAD, 0, 0, AT_NUMBER);
    addInstruction(AT_LEAST, 0, 1, X32_CALLS);
    addError(EPERM);
    for (int call : architecture.deniedCalls()) {
      addInstruction(EQUAL, 0, 1, call);
      addError(EPERM);
    }
    addInstruction(
        EQUAL, 0, FAMILIES.size() + 2, architecture.socketCall()); // Else over all that follows.
    addInstruction(LOAD, 0, 0, AT_FIRST_ARGUMENT);
    for (int i = 0; i < FAMILIES.size(); i++) {
      addInstruction(EQUAL, FAMILIES.size() - i, 0, FAMILIES.get(i)); // Over the error.
    }
    addError(EAFNOSUPPORT);
  }

  private void addError(int number) {
    addInstruction(RETURN, 0, 0, ERROR | number);
  }

  /**
   * @param jumpTrue how many steps are left out if it holds
   * @param jumpFalse how many if it does not
   */
  private void addInstruction(int code, int jumpTrue, int jumpFalse, int value) {
    program.putShort((short) code).put((byte) jumpTrue).put((byte) jumpFalse).putInt(value);
  }
}

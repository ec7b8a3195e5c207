package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.sandbox.SystemCallTable.Architecture;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.NavigableSet;

/**
 * A default-deny system call filter in the kernel's format: calls that {@link SystemCallTable} does
 * not allow are rejected. A process inherits the filters of its parent, so a command can never make
 * a call that the CLI may not make.
 */
final class SeccompFilter {
  /** Programs that a filter applies to. */
  enum Profile {
    /** The CLI, which starts a sandbox for each command. */
    CLI,
    /** Agents' commands, MCP servers, and scripts of the service in a bound directory. */
    COMMANDS;

    /** Name of the filter's file in the sandbox's tools. */
    String fileName() {
      return "filter-" + name().toLowerCase(Locale.ROOT);
    }
  }

  /** Address families: local, IPv4, IPv6, and netlink, which reads the network namespace. */
  private static final int[] FAMILIES = {1, 2, 10, 16};

  /**
   * Personalities that Docker permits: Linux, its 32-bit form, both also with UNAME26, and the
   * query value.
   */
  private static final int[] PERSONALITIES = {0, 8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF};

  /**
   * Requests of ptrace that attach to another process. Without them a debugger can trace only its
   * own children, which call PTRACE_TRACEME.
   */
  private static final int[] ATTACHING_REQUESTS = {16, 0x4206}; // PTRACE_ATTACH, PTRACE_SEIZE

  /**
   * Permitted modes of fallocate: grow, punch a hole, collapse, zero and insert. The other modes
   * allocate blocks beyond the file's length, which neither its size limit nor a disk measurement
   * would see.
   */
  private static final int[] ALLOCATIONS = {0, 3, 8, 16, 32};

  private static final int NEW_NAMESPACES = 0x7E02_0000; // CLONE_NEW* together

  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int EOPNOTSUPP = 95;
  private static final int EAFNOSUPPORT = 97;
  private static final int X32_CALLS = 0x4000_0000; // the x32 calls of an x86-64 kernel

  /**
   * First number of the recent calls, which are the same on all architectures and which programs
   * can do without.
   */
  private static final int FIRST_RECENT_CALL = 424;

  private static final int LOAD = 0x20;
  private static final int EQUAL = 0x15;
  private static final int GREATER = 0x25;
  private static final int AT_LEAST = 0x35;
  private static final int ANY_BIT = 0x45;
  private static final int RETURN = 0x06;
  private static final int ALLOW = 0x7FFF_0000;
  private static final int ERROR = 0x0005_0000;
  private static final int AT_NUMBER = 0;
  private static final int AT_ARCHITECTURE = 4;
  private static final int AT_SECOND_ARGUMENT = 24;
  private static final int AT_FIRST_ARGUMENT =
      16; // its lower half: both machines are little-endian

  private final ByteBuffer program = ByteBuffer.allocate(16_384).order(ByteOrder.LITTLE_ENDIAN);

  private SeccompFilter() {}

  /**
   * Returns whether the system calls of this architecture are known. Without a filter there is no
   * sandbox.
   */
  static boolean isSupported() {
    return Architecture.current().isPresent();
  }

  /**
   * Writes both filters to the directory that sandboxes read; writes none on an unknown
   * architecture.
   */
  static void writeAll(Path tools) throws IOException {
    if (!isSupported()) {
      return;
    }
    SystemCallTable table = SystemCallTable.of(Architecture.current().orElseThrow());
    for (Profile profile : Profile.values()) {
      DurableFiles.write(tools.resolve(profile.fileName()), program(table, profile), "rw-r--r--");
    }
  }

  /** Returns the filter as an array of struct sock_filter. */
  static byte[] program(SystemCallTable table, Profile profile) {
    SeccompFilter filter = new SeccompFilter();
    filter.addArchitecture(table.architecture());
    filter.addArgumentRules(table, profile);
    filter.addAllowed(table.allowedNumbers(profile));
    ByteBuffer program = filter.program.flip();
    byte[] bytes = new byte[program.remaining()];
    program.get(bytes);
    return bytes;
  }

  /** Rejects calls of other architectures that this machine also runs. */
  private void addArchitecture(Architecture architecture) {
    addInstruction(LOAD, 0, 0, AT_ARCHITECTURE);
    addInstruction(EQUAL, 1, 0, architecture.auditId);
    addError(EPERM);
    addInstruction(LOAD, 0, 0, AT_NUMBER);
    addInstruction(AT_LEAST, 0, 1, X32_CALLS);
    addError(EPERM);
  }

  private void addArgumentRules(SystemCallTable table, Profile profile) {
    int first = AT_FIRST_ARGUMENT;
    addCall(table.number("socket"), first, FAMILIES, ALLOW, ERROR | EAFNOSUPPORT);
    addCall(table.number("personality"), first, PERSONALITIES, ALLOW, ERROR | EPERM);
    addCall(table.number("ptrace"), first, ATTACHING_REQUESTS, ERROR | EPERM, ALLOW);
    addCall(table.number("fallocate"), AT_SECOND_ARGUMENT, ALLOCATIONS, ALLOW, ERROR | EOPNOTSUPP);
    if (profile == Profile.CLI) {
      addInstruction(EQUAL, 0, 1, table.number("clone"));
      addInstruction(RETURN, 0, 0, ALLOW);
    } else {
      addInstruction(EQUAL, 0, 4, table.number("clone"));
      addInstruction(LOAD, 0, 0, AT_FIRST_ARGUMENT);
      addInstruction(ANY_BIT, 0, 1, NEW_NAMESPACES);
      addError(EPERM);
      addInstruction(RETURN, 0, 0, ALLOW);
    }
  }

  /** Adds a decision on a call by whether its argument is one of these values. */
  private void addCall(int call, int argument, int[] values, int ifAny, int otherwise) {
    addInstruction(EQUAL, 0, values.length + 3, call); // Otherwise skip all that follows.
    addInstruction(LOAD, 0, 0, argument);
    for (int i = 0; i < values.length; i++) {
      addInstruction(EQUAL, values.length - i, 0, values[i]); // Skip the first return.
    }
    addInstruction(RETURN, 0, 0, otherwise);
    addInstruction(RETURN, 0, 0, ifAny);
  }

  /** Allows these numbers, range by range in ascending order, and rejects all others. */
  private void addAllowed(NavigableSet<Integer> numbers) {
    int next = 0; // the first number that no range has decided yet
    for (int first : numbers) {
      if (first < next) {
        continue;
      }
      int last = first;
      while (numbers.contains(last + 1)) {
        last++;
      }
      addInstruction(GREATER, 3, 0, last);
      addInstruction(AT_LEAST, 0, 1, first);
      addInstruction(RETURN, 0, 0, ALLOW);
      addError(next >= FIRST_RECENT_CALL ? ENOSYS : EPERM);
      next = last + 1;
    }
    addError(next >= FIRST_RECENT_CALL ? ENOSYS : EPERM);
  }

  private void addError(int number) {
    addInstruction(RETURN, 0, 0, ERROR | number);
  }

  /**
   * @param jumpTrue number of instructions to skip if the condition holds
   * @param jumpFalse number of instructions to skip if it does not
   */
  private void addInstruction(int code, int jumpTrue, int jumpFalse, int value) {
    program.putShort((short) code).put((byte) jumpTrue).put((byte) jumpFalse).putInt(value);
  }
}

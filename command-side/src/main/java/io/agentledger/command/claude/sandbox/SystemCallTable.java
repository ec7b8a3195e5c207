package io.agentledger.command.claude.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The system calls of one architecture, with their numbers and the programs that may make them,
 * from the resource {@code system-calls}.
 *
 * @param calls by name
 */
record SystemCallTable(Architecture architecture, Map<String, SystemCall> calls) {
  private static final String RESOURCE = "system-calls";

  /** Architectures with a column in the list. */
  enum Architecture {
    X86_64("amd64", 0xC000_003E, 1),
    AARCH64("aarch64", 0xC000_00B7, 2);

    private final String javaName;

    /** The kernel's identifier for filters (AUDIT_ARCH). */
    final int auditId;

    private final int column;

    Architecture(String javaName, int auditId, int column) {
      this.javaName = javaName;
      this.auditId = auditId;
      this.column = column;
    }

    /** Returns the architecture of this process; empty if its calls are not listed. */
    static Optional<Architecture> current() {
      String name = System.getProperty("os.arch");
      return Stream.of(values()).filter(known -> known.javaName.equals(name)).findFirst();
    }
  }

  /** Programs that may make a system call. */
  enum Allowed {
    COMMANDS,
    CLI,
    ARGUMENT,
    NOBODY
  }

  /** One call by its number. */
  record SystemCall(int number, Allowed allowed) {}

  static SystemCallTable of(Architecture architecture) {
    Map<String, SystemCall> calls = new LinkedHashMap<>();
    try (InputStream in = SystemCallTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the jar lacks " + RESOURCE);
      }
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\\s+"))
          .filter(fields -> !fields[architecture.column].equals("-"))
          .forEach(
              fields ->
                  calls.put(
                      fields[0],
                      new SystemCall(
                          Integer.parseInt(fields[architecture.column]),
                          Allowed.valueOf(fields[3].toUpperCase(Locale.ROOT)))));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return new SystemCallTable(architecture, calls);
  }

  int number(String name) {
    SystemCall call = calls.get(name);
    if (call == null) {
      throw new IllegalArgumentException(architecture + " has no call " + name);
    }
    return call.number();
  }

  /** Returns the numbers of the calls that this profile may make with any arguments, ascending. */
  NavigableSet<Integer> allowedNumbers(SeccompFilter.Profile profile) {
    NavigableSet<Integer> numbers = new TreeSet<>();
    for (SystemCall call : calls.values()) {
      if (call.allowed() == Allowed.COMMANDS
          || (call.allowed() == Allowed.CLI && profile == SeccompFilter.Profile.CLI)) {
        numbers.add(call.number());
      }
    }
    return numbers;
  }
}

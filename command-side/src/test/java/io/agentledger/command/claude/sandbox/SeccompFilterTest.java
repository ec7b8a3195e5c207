package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.sandbox.SeccompFilter.Profile;
import io.agentledger.command.claude.sandbox.SystemCallTable.Allowed;
import io.agentledger.command.claude.sandbox.SystemCallTable.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Result of both filters for each system call, by the kernel's rules of evaluation. */
class SeccompFilterTest {
  private static final int ALLOW = 0x7FFF_0000;
  private static final int EPERM = 0x0005_0001;
  private static final int ENOSYS = 0x0005_0000 | 38;
  private static final int EOPNOTSUPP = 0x0005_0000 | 95;
  private static final int EAFNOSUPPORT = 0x0005_0000 | 97;
  private static final int I386 = 0x4000_0003;

  @ParameterizedTest
  @EnumSource
  void unlistedCallsAreRefused(Architecture architecture) {
    SystemCallTable table = SystemCallTable.of(architecture);
    table
        .calls()
        .forEach(
            (name, call) -> {
              boolean argument = call.allowed() == Allowed.ARGUMENT;
              for (Profile profile : Profile.values()) {
                boolean listed =
                    call.allowed() == Allowed.COMMANDS
                        || (call.allowed() == Allowed.CLI && profile == Profile.CLI);
                if (!argument) {
                  assertThat(decision(table, profile, call.number(), 0) == ALLOW)
                      .as("%s for %s", name, profile)
                      .isEqualTo(listed);
                }
              }
            });
    for (int unknown : List.of(470, 500, 1000, 0x3FFF_FFFF)) {
      assertThat(decision(table, Profile.CLI, unknown, 0)).isEqualTo(ENOSYS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCallsThatReachOtherProcessesAreClosedToBoth(Architecture architecture) {
    SystemCallTable table = SystemCallTable.of(architecture);
    for (Profile profile : Profile.values()) {
      for (String name :
          List.of("process_vm_readv", "process_vm_writev", "kcmp", "keyctl", "bpf", "setns")) {
        assertThat(decision(table, profile, table.number(name), 0)).as(name).isEqualTo(EPERM);
      }
      for (String name : List.of("pidfd_getfd", "io_uring_setup", "mount_setattr", "clone3")) {
        assertThat(decision(table, profile, table.number(name), 0)).as(name).isEqualTo(ENOSYS);
      }
      for (int attach : List.of(16, 0x4206)) {
        assertThat(decision(table, profile, table.number("ptrace"), attach)).isEqualTo(EPERM);
      }
      assertThat(decision(table, profile, table.number("ptrace"), 0)).isEqualTo(ALLOW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheCliMakesNamespacesAndMounts(Architecture architecture) {
    SystemCallTable table = SystemCallTable.of(architecture);
    for (String name : List.of("mount", "umount2", "pivot_root", "unshare")) {
      assertThat(decision(table, Profile.CLI, table.number(name), 0)).isEqualTo(ALLOW);
      assertThat(decision(table, Profile.COMMANDS, table.number(name), 0)).isEqualTo(EPERM);
    }
    int clone = table.number("clone");
    int fork = 17; // SIGCHLD
    int threads = 0x3D_0F00;
    for (int namespace : List.of(0x2_0000, 0x200_0000, 0x1000_0000, 0x4000_0000)) {
      assertThat(decision(table, Profile.CLI, clone, namespace | fork)).isEqualTo(ALLOW);
      assertThat(decision(table, Profile.COMMANDS, clone, namespace | fork)).isEqualTo(EPERM);
    }
    assertThat(decision(table, Profile.COMMANDS, clone, fork)).isEqualTo(ALLOW);
    assertThat(decision(table, Profile.COMMANDS, clone, threads)).isEqualTo(ALLOW);
  }

  @ParameterizedTest
  @EnumSource
  void addressFamiliesAndPersonalitiesAreListed(Architecture architecture) {
    SystemCallTable table = SystemCallTable.of(architecture);
    for (Profile profile : Profile.values()) {
      int socket = table.number("socket");
      for (int family : List.of(1, 2, 10, 16)) {
        assertThat(decision(table, profile, socket, family)).isEqualTo(ALLOW);
      }
      for (int family : List.of(17, 38, 40)) {
        assertThat(decision(table, profile, socket, family)).isEqualTo(EAFNOSUPPORT);
      }
      int personality = table.number("personality");
      assertThat(decision(table, profile, personality, -1)).isEqualTo(ALLOW);
      assertThat(decision(table, profile, personality, 0x40_0000)).isEqualTo(EPERM);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noFileHasBlocksBeyondItsLength(Architecture architecture) {
    SystemCallTable table = SystemCallTable.of(architecture);
    int fallocate = table.number("fallocate");
    for (Profile profile : Profile.values()) {
      for (int mode : List.of(0, 3, 8, 16, 32)) {
        assertThat(decision(table, profile, fallocate, mode)).isEqualTo(ALLOW);
      }
      for (int keepSize : List.of(1, 17, 65)) {
        assertThat(decision(table, profile, fallocate, keepSize)).isEqualTo(EOPNOTSUPP);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void programsOfAnotherMachineAreRefused(Architecture architecture) {
    SystemCallTable table = SystemCallTable.of(architecture);
    byte[] program = SeccompFilter.program(table, Profile.CLI);
    assertThat(decision(program, I386, 3, 0)).isEqualTo(EPERM);
    assertThat(decision(program, architecture.auditId, 0x4000_0000, 0)).isEqualTo(EPERM);
  }

  private static int decision(SystemCallTable table, Profile profile, int number, int argument) {
    return decision(
        SeccompFilter.program(table, profile), table.architecture().auditId, number, argument);
  }

  private static int decision(byte[] bytes, int architecture, int number, int argument) {
    ByteBuffer program = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int accumulator = 0;
    for (int at = 0; ; at++) {
      int code = program.getShort(at * 8);
      int value = program.getInt(at * 8 + 4);
      boolean holds;
      switch (code) {
        case 0x20 -> {
          accumulator = value == 0 ? number : value == 4 ? architecture : argument;
          continue;
        }
        case 0x06 -> {
          return value;
        }
        case 0x15 -> holds = accumulator == value;
        case 0x25 -> holds = Integer.compareUnsigned(accumulator, value) > 0;
        case 0x35 -> holds = Integer.compareUnsigned(accumulator, value) >= 0;
        case 0x45 -> holds = (accumulator & value) != 0;
        default -> throw new IllegalStateException("code " + code);
      }
      at += program.get(at * 8 + (holds ? 2 : 3)) & 0xFF;
    }
  }
}

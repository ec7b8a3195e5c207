package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.host.HostDirectory;
import io.agentledger.store.permission.DeniedPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Denied paths become lines of the restrictions, outer ones first. */
class ShellPathRestrictionsTest {
  private static SandboxPaths.Mount mount(String name, boolean writable) {
    return new SandboxPaths.Mount(
        Path.of("/mnt", name), new HostDirectory(name, Path.of("/srv", name), writable, "1:2"));
  }

  private static final SandboxPaths VIEW =
      new SandboxPaths(
          Path.of("/workspace"),
          Path.of("/home/agent"),
          Path.of("/tmp"),
          Path.of("/run/model"),
          Path.of("/opt/claude/claude"),
          Optional.empty(),
          List.of(mount("libs", false), mount("out", true)),
          List.of());

  private static List<String> lines(List<String> hidden, List<String> kept) {
    return lines(VIEW, hidden, kept);
  }

  private static List<String> lines(SandboxPaths view, List<String> hidden, List<String> kept) {
    var deniedPaths = new DeniedPaths(new TreeSet<>(hidden), new TreeSet<>(kept));
    return ShellPathRestrictions.create(deniedPaths, view)
        .toText()
        .lines()
        .map(line -> line.substring(0, line.lastIndexOf('\t')).replace('\t', ' '))
        .toList();
  }

  @Test
  void parentsOfADeniedPathArePinnedOnceExceptTheMount() {
    assertThat(lines(List.of("/workspace/a/b/c", "/workspace/a-b/x"), List.of("/workspace/a/d")))
        .containsExactly(
            "pin /workspace/a",
            "pin /workspace/a-b",
            "hide /workspace/a-b/x",
            "pin /workspace/a/b",
            "hide /workspace/a/b/c",
            "protect /workspace/a/d");
  }

  /** A missing path cannot be created in a read-only workspace, so it needs no place. */
  @Test
  void pathsInAReadOnlyWorkspaceAreMaskedExceptInItsWritableFolders() {
    assertThat(
            lines(
                VIEW.withWritableFolders(List.of("plan")),
                List.of("/workspace/a/b", "/workspace/plan/x/y"),
                List.of("/workspace/c", "/workspace/plan/z")))
        .containsExactly(
            "mask /workspace/a/b",
            "pin /workspace/plan/x",
            "hide /workspace/plan/x/y",
            "protect /workspace/plan/z");
  }

  @Test
  void descendantsOfAHiddenPathNeedNoEntryAndOfAReadOnlyPathNoPin() {
    assertThat(
            lines(
                List.of("/workspace/h", "/workspace/h/x/y", "/workspace/k/x/y"),
                List.of("/workspace/h", "/workspace/h/z", "/workspace/k", "/workspace/k/z")))
        .containsExactly("hide /workspace/h", "protect /workspace/k", "mask /workspace/k/x/y");
  }

  @Test
  void pathsOnReadOnlyMountsAreOnlyHidden() {
    assertThat(
            lines(
                List.of("/mnt/libs/p/q", "/etc/ssl", "/usr/bin/curl"),
                List.of("/mnt/libs/x", "/etc/x", "/mnt/out/x/y")))
        .containsExactly(
            "mask /etc/ssl",
            "mask /mnt/libs/p/q",
            "pin /mnt/out/x",
            "protect /mnt/out/x/y",
            "mask /usr/bin/curl");
  }

  @Test
  void deniedPathThatContainsMountsCoversEach() {
    assertThat(lines(List.of(), List.of("/mnt"))).containsExactly("protect /mnt/out");
    assertThat(lines(List.of("/mnt"), List.of()))
        .containsExactly("mask /mnt/libs", "hide /mnt/out");
    assertThat(lines(List.of("/workspace"), List.of("/tmp")))
        .containsExactly("protect /tmp", "hide /workspace");
  }

  @Test
  void pathsOutsideOfTheSandboxNeedNoEntry() {
    assertThat(lines(List.of("/home/agent/.ssh", "/var/lib", "/mnt/other/x"), List.of("/opt")))
        .isEmpty();
  }

  @Test
  void entryEndsWithThePathKnownToTheKernel() {
    var deniedPaths =
        new DeniedPaths(new TreeSet<>(List.of("/workspace/a b\\c é")), new TreeSet<>());
    assertThat(ShellPathRestrictions.create(deniedPaths, VIEW).toText())
        .isEqualTo("hide\t/workspace/a b\\c é\t/workspace/a\\040b\\134c\\040é\n");
  }

  @Test
  void parentDirectoriesCountTowardsTheLimit() {
    var hidden = new TreeSet<String>();
    for (int i = 0; i < ShellPathRestrictions.PATHS_MAX / 2; i++)
      hidden.add("/workspace/" + i + "/x");
    assertThat(
            ShellPathRestrictions.create(new DeniedPaths(hidden, new TreeSet<>()), VIEW)
                .exceedsLimit())
        .isFalse();
    hidden.add("/workspace/one-more");
    assertThat(
            ShellPathRestrictions.create(new DeniedPaths(hidden, new TreeSet<>()), VIEW)
                .exceedsLimit())
        .isTrue();
  }

  @Test
  void namesAreBoundedAsTheKernelWritesThem() {
    var hidden = new TreeSet<String>();
    for (int i = 0; i < 100; i++) hidden.add("/workspace/" + " ".repeat(140) + i);
    assertThat(
            ShellPathRestrictions.create(new DeniedPaths(hidden, new TreeSet<>()), VIEW)
                .exceedsLimit())
        .isFalse();
    for (int i = 0; i < 10; i++) hidden.add("/workspace/" + " ".repeat(140) + "more" + i);
    assertThat(
            ShellPathRestrictions.create(new DeniedPaths(hidden, new TreeSet<>()), VIEW)
                .exceedsLimit())
        .isTrue();
  }
}

package io.agentledger.command.claude.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.session.BoundFolder;
import io.agentledger.command.claude.host.HostDirectoryResolver.GrantedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of the host that sessions may work in, in place. */
class BoundDirectoryResolverTest {
  private static final int OTHER_UID = 4321;

  @TempDir Path host;
  private Path home;
  private Path project;

  @BeforeEach
  void furnish() throws IOException {
    host = host.toRealPath();
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = Files.createDirectories(host.resolve("service/home"));
    project = Files.createDirectories(host.resolve("project"));
  }

  private BoundDirectoryResolver shared() throws IOException {
    return new BoundDirectoryResolver(
        new HostDirectoryResolver(Map.of(), List.of(home), false), false);
  }

  /** Resolver with the rules of the sandbox level full. */
  private BoundDirectoryResolver resolver() throws IOException {
    Assumptions.assumeTrue(HostUser.current().isRoot(), "only root gives files away");
    return new BoundDirectoryResolver(
        new HostDirectoryResolver(Map.of(), List.of(home), true), true);
  }

  private static void assertRejected(
      BoundDirectoryResolver boundDirectoryResolver, Path path, String rule) {
    assertThatThrownBy(() -> boundDirectoryResolver.bind(path))
        .as("%s", path)
        .isInstanceOfSatisfying(
            DirectoryRefusedException.class, no -> assertThat(no.rule()).isEqualTo(rule));
  }

  @Test
  void directoryIsUsedAsItsOwner() throws IOException {
    var boundDirectoryResolver = resolver();
    HostUser.chown(project, OTHER_UID, OTHER_UID + 1);
    BoundDirectory boundDirectory =
        boundDirectoryResolver.resolve(boundDirectoryResolver.bind(project));
    assertThat(boundDirectory.source()).isEqualTo(project);
    assertThat(List.of(boundDirectory.uid(), boundDirectory.gid()))
        .containsExactly(OTHER_UID, OTHER_UID + 1);
    HostUser.chown(project, OTHER_UID, 0);
    assertThat(boundDirectoryResolver.resolve(boundDirectoryResolver.bind(project)).gid())
        .as("nobody is in root's group")
        .isEqualTo(OTHER_UID);
  }

  @Test
  void rejectsRootOwnedAndUnreachableDirectories() throws IOException {
    var boundDirectoryResolver = resolver();
    assertRejected(boundDirectoryResolver, project, "root_owned");
    HostUser.chown(project, OTHER_UID, OTHER_UID);
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwx------"));
    assertRejected(boundDirectoryResolver, project, "unreadable");
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("r-x------"));
    assertRejected(boundDirectoryResolver, project, "unreadable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/proc", "/run", "/etc", "/usr", "/usr/share", "/bin", "/boot"})
  void rejectsSystemDirectories(String path) throws IOException {
    assertRejected(shared(), Path.of(path), "closed");
  }

  @Test
  void rejectsHomesAndTheirParents() throws IOException {
    assertRejected(shared(), Path.of("/root"), "home");
    assertRejected(shared(), Path.of("/var"), "home"); // It contains home directories.
  }

  @Test
  void rejectsTheServicesDirectoriesAndTheirParents() throws IOException {
    assertRejected(shared(), home, "closed");
    assertRejected(shared(), Files.createDirectory(home.resolve("x")), "closed");
    assertRejected(shared(), host, "closed");
  }

  @Test
  void rejectsDirectoriesDeniedByTheOperator() throws IOException {
    Path inside = Files.createDirectory(project.resolve("libs"));
    var roots = Map.of("libs", new GrantedDirectory(inside, false));
    var boundDirectoryResolver =
        new BoundDirectoryResolver(new HostDirectoryResolver(roots, List.of(home), false), false);
    assertRejected(boundDirectoryResolver, project, "overlaps");
    assertRejected(boundDirectoryResolver, inside, "overlaps");
  }

  @Test
  void requiresAnAbsolutePathOfADirectory() throws IOException {
    assertRejected(shared(), Path.of("project"), "path");
    assertRejected(shared(), host.resolve("none"), "not_found");
    assertRejected(shared(), Files.writeString(host.resolve("file"), "x"), "not_a_folder");
  }

  @Test
  void linkIsResolvedOnceWhenTheDirectoryIsChosen() throws IOException {
    Path link = Files.createSymbolicLink(host.resolve("link"), project);
    BoundFolder bound = shared().bind(link);
    assertThat(bound.path()).isEqualTo(project.toString());
    Files.move(project, host.resolve("moved"));
    assertThatThrownBy(() -> shared().resolve(bound)).hasMessageContaining("existing folder");
    Files.createSymbolicLink(project, host.resolve("moved"));
    assertThatThrownBy(() -> shared().resolve(bound)).hasMessageContaining("was replaced");
  }

  @Test
  void rejectsAReplacedDirectory() throws IOException {
    BoundFolder bound = shared().bind(project);
    assertThat(shared().resolve(bound).source()).isEqualTo(project);
    Files.move(project, host.resolve("moved"));
    Files.createDirectory(project);
    assertThatThrownBy(() -> shared().resolve(bound))
        .hasMessage(
            "The folder that the session works in was replaced after the session was opened.");
  }
}

package io.agentledger.command.claude.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.session.SessionDirectory;
import io.agentledger.command.claude.host.HostDirectoryResolver.GrantedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of the host that sessions may mount. */
class HostDirectoryResolverTest {
  @TempDir Path host;
  private Path home;
  private Path libs;

  @BeforeEach
  void furnish() throws IOException {
    host = host.toRealPath();
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = Files.createDirectories(host.resolve("service/home"));
    libs = Files.createDirectories(host.resolve("libs"));
  }

  private HostDirectoryResolver folders(Map<String, GrantedDirectory> roots) throws IOException {
    return new HostDirectoryResolver(roots, List.of(home), true);
  }

  private static Map<String, GrantedDirectory> directoryNamed(String name, Path path) {
    return Map.of(name, new GrantedDirectory(path, false));
  }

  @Test
  void nameResolvesToTheOperatorsDirectory() throws IOException {
    var hostDirectoryResolver = folders(Map.of("libs", new GrantedDirectory(libs, true)));
    assertThat(hostDirectoryResolver.resolveNamed("libs"))
        .isEqualTo(new SessionDirectory("libs", null, true));
    assertThat(hostDirectoryResolver.resolve("seen", hostDirectoryResolver.resolveNamed("libs")))
        .extracting(HostDirectory::name, HostDirectory::source, HostDirectory::writable)
        .containsExactly("seen", libs, true);
    assertThatThrownBy(() -> hostDirectoryResolver.resolveNamed("other"))
        .hasMessageContaining("one of libs");
  }

  @Test
  void readOnlyCallerCannotWriteWhereTheOperatorAllowsIt() throws IOException {
    var hostDirectoryResolver = folders(Map.of("libs", new GrantedDirectory(libs, true)));
    assertThat(
            hostDirectoryResolver
                .resolve("libs", new SessionDirectory("libs", null, false))
                .writable())
        .isFalse();
    var strict = folders(directoryNamed("libs", libs));
    assertThat(strict.resolve("libs", new SessionDirectory("libs", null, true)).writable())
        .isFalse();
  }

  @Test
  void rejectsTheServicesDirectoriesAndTheirParents() throws IOException {
    Files.createDirectories(home.resolve("run/s/ses_1/work"));
    for (Path closed :
        List.of(home, home.resolve("run/s/ses_1/work"), host.resolve("service"), host)) {
      assertThatThrownBy(() -> folders(directoryNamed("x", closed)))
          .as("%s", closed)
          .hasMessageContaining("files of the service");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/proc", "/proc/self", "/sys", "/dev", "/run"})
  void rejectsSystemDirectories(String path) throws IOException {
    var hostDirectoryResolver = folders(Map.of());
    assertThatThrownBy(() -> hostDirectoryResolver.resolveAtPath(path, Set.of()))
        .isInstanceOfSatisfying(
            DirectoryRefusedException.class, no -> assertThat(no.rule()).isEqualTo("closed"));
  }

  @Test
  void rejectsLinksToTheServicesDirectories() throws IOException {
    Path link = Files.createSymbolicLink(host.resolve("innocent"), home);
    assertThatThrownBy(() -> folders(directoryNamed("x", link)))
        .hasMessageContaining("files of the service");
    Path up = libs.resolve("../service/home");
    assertThatThrownBy(() -> folders(directoryNamed("x", up)))
        .hasMessageContaining("files of the service");
  }

  @Test
  void pathIsResolvedOnce() throws IOException {
    var hostDirectoryResolver = folders(Map.of());
    var chosen = hostDirectoryResolver.resolveAtPath(libs.toString(), Set.of());
    assertThat(chosen).isEqualTo(new SessionDirectory("libs", libs.toString(), false));
    Files.move(libs, host.resolve("moved"));
    Path other = Files.createDirectories(host.resolve("other"));
    Files.createSymbolicLink(libs, other);
    assertThatThrownBy(() -> hostDirectoryResolver.resolve("libs", chosen))
        .hasMessageContaining("leads elsewhere");
  }

  @Test
  void mountNameIsTheLastSegmentAndUnique() throws IOException {
    Path odd = Files.createDirectories(host.resolve("My Libs (2)"));
    var hostDirectoryResolver = folders(directoryNamed("my-libs-2", libs));
    assertThat(hostDirectoryResolver.resolveAtPath(odd.toString(), Set.of("my-libs-2-2")).name())
        .isEqualTo("my-libs-2-3");
  }

  @Test
  void rejectsDirectoriesUnreadableByTheAgentsUser() throws IOException {
    Files.setPosixFilePermissions(libs, PosixFilePermissions.fromString("rwxr-x---"));
    var hostDirectoryResolver = folders(Map.of());
    assertThatThrownBy(() -> hostDirectoryResolver.resolveAtPath(libs.toString(), Set.of()))
        .hasMessageContaining("all users");
  }

  @Test
  void rejectsDirectoriesInsideWritableOnes() throws IOException {
    Path inside = Files.createDirectories(libs.resolve("inside"));
    var roots =
        Map.of(
            "libs",
            new GrantedDirectory(libs, true),
            "inside",
            new GrantedDirectory(inside, false));
    assertThatThrownBy(() -> folders(roots)).hasMessageContaining("must not overlap");
    folders(
        Map.of(
            "libs",
            new GrantedDirectory(libs, false),
            "inside",
            new GrantedDirectory(inside, false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "../libs", "libs\0x"})
  void requiresAnAbsolutePath(String path) throws IOException {
    var hostDirectoryResolver = folders(Map.of());
    assertThatThrownBy(() -> hostDirectoryResolver.resolveAtPath(path, Set.of()))
        .hasMessageContaining("must be an absolute path");
  }

  @Test
  void rejectsFilesAndMissingDirectories() throws IOException {
    var hostDirectoryResolver = folders(Map.of());
    Path file = Files.writeString(host.resolve("file"), "x");
    assertThatThrownBy(() -> hostDirectoryResolver.resolveAtPath(file.toString(), Set.of()))
        .hasMessageContaining("must be a folder");
    assertThatThrownBy(
            () -> hostDirectoryResolver.resolveAtPath(host.resolve("none").toString(), Set.of()))
        .hasMessageContaining("existing folder");
  }
}

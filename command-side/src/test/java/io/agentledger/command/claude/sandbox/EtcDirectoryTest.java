package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcDirectoryTest {
  @TempDir Path temporary;
  private Path host;
  private Path made;

  @BeforeEach
  void prepareHost() throws IOException {
    host = Files.createDirectories(temporary.resolve("host"));
    made = temporary.resolve("made");
  }

  private Path write(String name, String text) throws IOException {
    Path file = host.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void holdsNoFileOfTheHostThatIsNotListed() throws IOException {
    write("passwd", "somebody:x:1000:1000::/home/somebody:/bin/sh\n");
    write("hosts", "10.0.0.7 database.internal\n");
    write("resolv.conf", "nameserver 10.0.0.1\n");
    write("npmrc", "//registry/:_authToken=secret\n");
    write("gitconfig", "[credential]\n");
    write("ssh/ssh_host_key", "key");
    write("ssl/private/server.key", "key");
    write("ssl/certs/ca.pem", "certificate");
    EtcDirectory.write(made, host);
    assertThat(made.resolve("ssl/certs/ca.pem")).hasContent("certificate");
    assertThat(made.resolve("passwd")).isEmptyFile();
    assertThat(made.resolve("hosts")).content().doesNotContain("database");
    assertThat(made.resolve("resolv.conf")).content().doesNotContain("10.0.0.1");
    for (String name : new String[] {"npmrc", "gitconfig", "ssh", "ssl/private"}) {
      assertThat(made.resolve(name)).doesNotExist();
    }
  }

  @Test
  void filesThatNotEveryUserMayReadAreNotCopied() throws IOException {
    Path file = write("perl/secret", "secret");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(
        write("python3.11/private/secret", "secret").getParent(),
        PosixFilePermissions.fromString("rwx------"));
    EtcDirectory.write(made, host);
    assertThat(made.resolve("perl")).isEmptyDirectory();
    assertThat(made.resolve("python3.11/private")).doesNotExist();
  }

  @Test
  void linksAreCopiedAsLinksAndChangesAreTakenOver() throws IOException {
    Files.createDirectories(host.resolve("alternatives"));
    Files.createSymbolicLink(host.resolve("alternatives/java"), Path.of("/usr/lib/jvm/17"));
    write("ld.so.conf", "one\n");
    EtcDirectory.write(made, host);
    Path folder = made.resolve("alternatives");
    Object inode = Files.getAttribute(folder, "unix:ino");
    Files.delete(host.resolve("alternatives/java"));
    Files.createSymbolicLink(host.resolve("alternatives/java"), Path.of("/usr/lib/jvm/21"));
    write("ld.so.conf", "another\n");
    EtcDirectory.write(made, host);
    assertThat(Files.readSymbolicLink(folder.resolve("java"))).hasToString("/usr/lib/jvm/21");
    assertThat(made.resolve("ld.so.conf")).hasContent("another");
    assertThat(Files.getAttribute(folder, "unix:ino"))
        .as("sandboxes that are alive have it mounted")
        .isEqualTo(inode);
  }
}

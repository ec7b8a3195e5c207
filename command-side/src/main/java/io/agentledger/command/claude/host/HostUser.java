package io.agentledger.command.claude.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The user that this JVM runs as, by its uid, because the host may not know a name for it. */
public record HostUser(int uid) {

  public static HostUser current() {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      String ids = status.filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow();
      return new HostUser(
          Integer.parseInt(ids.split("\\s+")[2])); // real, effective, saved, file system
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  public boolean isRoot() {
    return uid == 0;
  }

  public static int ownerOf(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** Changes the owner and group of one file; of a link itself, not of its target. */
  public static void chown(Path path, int uid, int gid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
  }
}

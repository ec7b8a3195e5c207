package io.agentledger.command.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Somebody of a user and group id who tries a Unix socket. The tests must run as root. */
public final class SocketVisitor {
  private SocketVisitor() {}

  /** All that is said to a request of theirs, or to their attempt to connect. */
  public static String get(Path socket, int uid) throws IOException {
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "curl",
                "-sS",
                "-i",
                "--max-time",
                "10",
                "--unix-socket",
                socket.toString(),
                "http://localhost/")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

package io.agentledger.command.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Sends requests over a Unix socket as another user of the host; tests must run as root. */
public final class UnixSocketClient {
  private UnixSocketClient() {}

  /** Returns the whole response, or the error of curl if the connection failed. */
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

package io.agentledger.command.claude.box;

import io.agentledger.command.mcp.link.LinkFailed;
import io.agentledger.command.mcp.link.ServerBox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The box of an MCP server's program: no network, no files but the system's own and what the
 * operator lets it read, a uid of its own where sessions have theirs, and nothing that stays when
 * it ends. Without a sandbox it is a process of the service's user.
 */
public final class ProgramBox implements ServerBox {
  /** Of each of its two places to write, in bytes: they are memory. */
  private static final String SCRATCH_BYTES = Integer.toString(256 << 20);

  /** Of all programs of one server together. */
  private static final int THREADS_MAX = 2048;

  private static final int FILES_MAX = 4096;

  private final RunTree tree;
  private final Sandbox sandbox;

  public ProgramBox(RunTree tree, Sandbox sandbox) {
    this.tree = tree;
    this.sandbox = sandbox;
  }

  @Override
  public List<String> around(String server, List<String> command, List<Path> readable)
      throws IOException {
    if (!sandbox.boxed()) {
      throw new LinkFailed("programs are started in a sandbox only, and this node has none");
    }
    List<String> line = new ArrayList<>();
    // As for the CLI: signals that a shell had us ignore would be inherited as ignored.
    line.addAll(List.of("setsid", "env", "--default-signal=HUP,INT,QUIT,TERM"));
    line.add(tree.programKeeper().toString());
    if (sandbox.ownUids()) {
      // Where the uid is nobody else's, what it may have is counted for this server alone.
      line.addAll(List.of("prlimit", "--nproc=" + THREADS_MAX, "--nofile=" + FILES_MAX));
    }
    line.addAll(sandbox.apart(tree.session(server, sandbox.ownUids())));
    line.addAll(List.of("--size", SCRATCH_BYTES, "--tmpfs", "/tmp"));
    line.addAll(List.of("--size", SCRATCH_BYTES, "--tmpfs", "/home"));
    line.addAll(List.of("--dir", "/home/server"));
    for (Path each : readable) {
      line.addAll(List.of("--ro-bind", each.toString(), each.toString()));
    }
    line.addAll(List.of("--chdir", "/home/server", "--"));
    line.addAll(command);
    return line;
  }
}

package io.agentledger.command.claude.process;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.session.Output;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.Account;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How a process's socket to the model is opened, and what went through it is learnt. */
public interface ModelDoor {
  Upstream upstream();

  /**
   * Opens the socket, or opens it again at the same path after a restart.
   *
   * @param usage the process's own file, where exchanges are counted
   */
  Opening open(Path socket, Path usage, Process process) throws IOException;

  /** Whose door it is. */
  record Process(SessionId session, ProcessId id) {}

  /** One process's open door. */
  interface Opening extends AutoCloseable {
    /** From now on exchanges belong to this account's run, and are paid from it. */
    void run(Account account);

    /** Whether an exchange of the run was refused because of a budget, since it was begun here. */
    boolean isRefused(RunId run);

    /** Whether the model itself asked for this call. */
    boolean asked(String toolUseId);

    /** The exchanges that ended behind the offset, a page of them, oldest first. */
    List<Counted> usageAfter(long offset) throws IOException;

    @Override
    void close();
  }

  /** An exchange with the run that it belongs to and the offset behind its line. */
  record Counted(RunId run, Output.Turn turn, long end) {}
}

package io.agentledger.api.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.util.concurrent.CompletionStage;

/**
 * What became of a session's files, from what was kept of them. A port, since content is no
 * message. It judges nobody: whoever calls it has asked whether the session may be seen. Fails with
 * {@code Rejected(NotFound)} for what the session does not have.
 */
public interface FileHistory {
  /** What leads from one checkpoint to another. */
  CompletionStage<FileChanges> between(SessionId session, CheckpointId from, CheckpointId to);

  /** What going back to a checkpoint would change now. */
  CompletionStage<FileChanges> back(SessionId session, CheckpointId to);

  /** What a run changed, by whichever tool. */
  CompletionStage<FileChanges> ofRun(SessionId session, RunId run);
}

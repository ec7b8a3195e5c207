package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Request to fork a session.
 *
 * @param checkpointId checkpoint at which it begins; null for the last one
 * @param executor by default that of the source session
 */
record ForkSessionRequest(
    @Nullable CheckpointId checkpointId,
    @Nullable
        @Size(
            max = SessionSpec.TITLE_LENGTH_MAX,
            message = "must be at most " + SessionSpec.TITLE_LENGTH_MAX + " characters")
        @SafeText
        String title,
    @Nullable ExecutorRequest executor) {
  /** Fork at the last checkpoint, with the title and executor of the source session. */
  static final ForkSessionRequest DEFAULT = new ForkSessionRequest(null, null, null);
}

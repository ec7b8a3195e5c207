package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.SessionSpec;
import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Request to clone a session. */
record CloneSessionRequest(
    @Nullable
        @Size(
            max = SessionSpec.TITLE_LENGTH_MAX,
            message = "must be at most " + SessionSpec.TITLE_LENGTH_MAX + " characters")
        @SafeText
        String title,
    @Nullable ExecutorRequest executor) {
  /** Clone with the title and executor of the source session. */
  static final CloneSessionRequest DEFAULT = new CloneSessionRequest(null, null);
}

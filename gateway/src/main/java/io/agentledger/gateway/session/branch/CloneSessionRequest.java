package io.agentledger.gateway.session.branch;

import io.agentledger.gateway.session.options.ExecutorRequest;
import io.agentledger.gateway.support.validation.SessionTitle;
import org.jspecify.annotations.Nullable;

/** Request to clone a session. */
record CloneSessionRequest(
    @Nullable @SessionTitle String title, @Nullable ExecutorRequest executor) {
  /** Clone with the title and executor of the source session. */
  static final CloneSessionRequest DEFAULT = new CloneSessionRequest(null, null);
}

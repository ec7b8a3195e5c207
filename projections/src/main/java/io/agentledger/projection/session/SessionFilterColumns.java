package io.agentledger.projection.session;

import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.StableNames;
import jakarta.persistence.Embeddable;

/** Columns for filters of lists, with the names on the wire; parts of other columns. */
@Embeddable
record SessionFilterColumns(String permissionMode, String executor, String originType) {
  static SessionFilterColumns of(RunOptions options, SessionOrigin origin) {
    return new SessionFilterColumns(
        options.permissionMode().wireName(),
        ExecutionMode.of(options.permissionMode()).wireName(),
        StableNames.of(origin.getClass()));
  }
}

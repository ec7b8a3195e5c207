package io.agentledger.api.session;

import io.agentledger.api.identity.TenantId;

/**
 * Ids of sessions that are about to be opened with an empty workspace. A node may have started a
 * process for the id before. Thread-safe.
 */
public interface NewSessionIds {
  /** Returns an id that no session has, and that is returned once. */
  SessionId next(TenantId tenant, SessionSpec spec);
}

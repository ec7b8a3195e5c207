package io.agentledger.projection.session;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** What lists are narrowed by and the database works out itself; only queries read it. */
@Embeddable
public class SessionFilterColumns {
  @Column(insertable = false, updatable = false)
  private @Nullable String permissionMode;

  @Column(insertable = false, updatable = false)
  private @Nullable String executor;

  @Column(insertable = false, updatable = false)
  private @Nullable String originType;

  protected SessionFilterColumns() {}
}

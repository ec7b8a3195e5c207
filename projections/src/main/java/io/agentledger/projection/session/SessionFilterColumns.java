package io.agentledger.projection.session;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** Columns that lists are filtered by and that the database computes; only queries read them. */
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

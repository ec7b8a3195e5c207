package io.agentledger.projection.session;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** Columns for filters, which the database computes; used only by queries. */
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

package io.agentledger.projection.session.sharing;

import io.agentledger.api.session.AccessLevel;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;

/** One share of a session. */
@Entity
@Table(name = "share_row")
@SuppressWarnings("NullAway.Init")
public class ShareRow {
  @EmbeddedId private ShareKey key;
  private String tenant;

  @Enumerated(EnumType.STRING)
  private AccessLevel access;

  private Instant sharedAt;

  protected ShareRow() {}

  ShareRow(ShareKey key, String tenant, AccessLevel access, Instant sharedAt) {
    this.key = key;
    this.tenant = tenant;
    this.access = access;
    this.sharedAt = sharedAt;
  }

  public ShareKey key() {
    return key;
  }

  public String tenant() {
    return tenant;
  }

  public AccessLevel access() {
    return access;
  }

  public Instant sharedAt() {
    return sharedAt;
  }
}

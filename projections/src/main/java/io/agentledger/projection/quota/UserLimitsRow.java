package io.agentledger.projection.quota;

import io.agentledger.api.quota.UserLimits;
import io.agentledger.projection.support.JsonConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** Limits that a user has, or had, of their own. */
@Entity
@Table(name = "quota_user_row")
@SuppressWarnings("NullAway.Init")
public class UserLimitsRow {
  @Id private String id;
  private String tenant;
  private String userId;

  @Convert(converter = Column.class)
  private @Nullable UserLimits limits;

  private long version;

  protected UserLimitsRow() {}

  UserLimitsRow(String tenant, String user) {
    this.id = idOf(tenant, user);
    this.tenant = tenant;
    this.userId = user;
  }

  /** Returns the id of the row of a user in a tenant. */
  public static String idOf(String tenant, String user) {
    return tenant + "/" + user;
  }

  void apply(@Nullable UserLimits changed, long now) {
    limits = changed;
    version = now;
  }

  /** Returns the limits; null if they were removed. */
  public @Nullable UserLimits limits() {
    return limits;
  }

  public long version() {
    return version;
  }

  @Converter
  static class Column extends JsonConverter<UserLimits> {
    Column() {
      super(UserLimits.class);
    }
  }
}

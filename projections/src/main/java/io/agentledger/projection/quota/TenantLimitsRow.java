package io.agentledger.projection.quota;

import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.projection.support.JsonConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Limits that a tenant has of its own. */
@Entity
@Table(name = "quota_tenant_row")
@SuppressWarnings("NullAway.Init")
public class TenantLimitsRow {
  @Id private String tenant;

  @Convert(converter = Column.class)
  private TenantLimits limits;

  private long version;

  protected TenantLimitsRow() {}

  TenantLimitsRow(String tenant, TenantLimitsChanged event) {
    this.tenant = tenant;
    apply(event.limits(), event.version());
  }

  final void apply(TenantLimits changed, long now) {
    limits = changed;
    version = now;
  }

  public TenantLimits limits() {
    return limits;
  }

  public long version() {
    return version;
  }

  @Converter
  static class Column extends JsonConverter<TenantLimits> {
    Column() {
      super(TenantLimits.class);
    }
  }
}

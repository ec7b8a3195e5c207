package io.agentledger.projection.quota;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaEvent.ReservationExpired;
import io.agentledger.api.quota.QuotaEvent.ReservationExtended;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.quota.QuotaEvent.StorageClaimed;
import io.agentledger.api.quota.QuotaEvent.StorageMeasured;
import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsRemoved;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;

/** Keeps limits and their usage. */
@ProcessingGroup(QuotaProjection.GROUP)
class QuotaProjection extends Projection {
  static final String GROUP = "quota";

  private final QuotaRepositories quotaRepositories;

  QuotaProjection(QuotaRepositories quotaRepositories, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.quotaRepositories = quotaRepositories;
  }

  @EventHandler
  void on(
      TenantLimitsChanged event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    quotaRepositories
        .tenants()
        .findById(tenant)
        .ifPresentOrElse(
            row -> row.apply(event.limits(), event.version()),
            () -> quotaRepositories.tenants().save(new TenantLimitsRow(tenant, event)));
  }

  @EventHandler
  void on(
      UserLimitsChanged event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    change(tenant, event.userId(), event.limits(), event.version());
  }

  @EventHandler
  void on(
      UserLimitsRemoved event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    change(tenant, event.userId(), null, event.version());
  }

  private void change(String tenant, UserId user, @Nullable UserLimits limits, long version) {
    quotaRepositories
        .users()
        .findById(UserLimitsRow.idOf(tenant, user.value()))
        .orElseGet(() -> quotaRepositories.users().save(new UserLimitsRow(tenant, user.value())))
        .apply(limits, version);
  }

  @EventHandler
  void on(
      ReservationMade event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    // A run that continues after a pause makes another reservation, and its row may be missing.
    insertIfAbsent(
        ReservationRow.class,
        event.runId().value(),
        status,
        () -> new ReservationRow(tenant, event));
  }

  @EventHandler
  void on(ReservationExtended event) {
    quotaRepositories
        .reservations()
        .findById(event.runId().value())
        .ifPresent(row -> row.extend(event.amount()));
  }

  @EventHandler
  void on(ReservationSettled event) {
    quotaRepositories
        .reservations()
        .findById(event.runId().value())
        .ifPresent(quotaRepositories.reservations()::delete);
  }

  @EventHandler
  void on(ReservationExpired event) {
    quotaRepositories
        .reservations()
        .findById(event.runId().value())
        .ifPresent(quotaRepositories.reservations()::delete);
  }

  @EventHandler
  void on(
      SpendingBooked event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    quotaRepositories
        .reservations()
        .findById(event.runId().value())
        .ifPresent(row -> row.book(event.cost()));
    quotaRepositories
        .monthlySpending()
        .findById(MonthlySpendingRow.idOf(tenant, event))
        .orElseGet(
            () -> quotaRepositories.monthlySpending().save(new MonthlySpendingRow(tenant, event)))
        .add(event.cost());
  }

  @EventHandler
  void on(
      StorageClaimed event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    storage(tenant, event.userId(), StorageUsageRow.CLAIMED).addBytes(event.bytes());
  }

  @EventHandler
  void on(
      StorageMeasured event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    storage(tenant, event.userId(), event.node()).setBytes(event.bytes());
    storage(tenant, event.userId(), StorageUsageRow.CLAIMED).setBytes(0);
  }

  private StorageUsageRow storage(String tenant, UserId user, String node) {
    return quotaRepositories
        .storageUsage()
        .findById(StorageUsageRow.idOf(tenant, user.value(), node))
        .orElseGet(
            () ->
                quotaRepositories
                    .storageUsage()
                    .save(new StorageUsageRow(tenant, user.value(), node)));
  }

  @ResetHandler
  void reset() {
    quotaRepositories.tenants().deleteAllInBatch();
    quotaRepositories.users().deleteAllInBatch();
    quotaRepositories.reservations().deleteAllInBatch();
    quotaRepositories.monthlySpending().deleteAllInBatch();
    quotaRepositories.storageUsage().deleteAllInBatch();
  }
}

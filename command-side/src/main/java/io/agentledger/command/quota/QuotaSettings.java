package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.shared.Money;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.math.BigDecimal;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Default limits, which apply where none are set by the API.
 *
 * @param user limits of all users except the local owner
 * @param owner limits of the local owner, which a person does not normally reach
 * @param tenantBudgetUsd [0.01..] monthly budget of each tenant; without it there is no limit
 * @param tenantExecutions [1..10,000] executions of tasks that each tenant has in progress
 * @param ceiling the highest limits that a tenant's admin can set; they also apply if higher ones
 *     were set before
 * @param onExceeded what happens when these budgets are used up
 * @param reservationChunkUsd [0.001..100] amount that a run reserves of the budgets beyond its
 *     spending
 * @param anonymousRequestsPerMinute [1..1,000,000] unauthenticated calls from one address
 * @param reservationTimeout [1m..25h] age of a reservation after which its run is checked
 * @param reservationCheckInterval [1s..1h] how often this check runs
 * @param storageMeasureInterval [1m..24h] how often workspaces are measured
 */
@Validated
@ConfigurationProperties("agentledger.quota")
public record QuotaSettings(
    @DefaultValue @Valid User user,
    @DefaultValue @Valid Owner owner,
    @Nullable @DecimalMin("0.01") BigDecimal tenantBudgetUsd,
    @DefaultValue("100") @Min(1) @Max(TenantLimits.EXECUTIONS_MAX) int tenantExecutions,
    @DefaultValue @Valid Ceiling ceiling,
    @DefaultValue("stop") OnExceeded onExceeded,
    @DefaultValue("0.25") @DecimalMin("0.001") BigDecimal reservationChunkUsd,
    @DefaultValue("1200") @Min(1) @Max(1_000_000) int anonymousRequestsPerMinute,
    @DefaultValue("1h") @DurationMin(minutes = 1) @DurationMax(hours = 25)
        Duration reservationTimeout,
    @DefaultValue("1m") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration reservationCheckInterval,
    @DefaultValue("10m") @DurationMin(minutes = 1) @DurationMax(hours = 24)
        Duration storageMeasureInterval) {

  /**
   * Limits of one user.
   *
   * @param sessions [1..10,000] concurrent sessions with a run in progress
   * @param tasks [1..10,000] executions of tasks in progress, those that wait for a decision not
   *     included
   * @param storageMib [1..] workspaces and content together
   * @param workspaceMib [1..] one workspace
   * @param callsPerMinute [1..1,000,000]
   * @param callsPerHour [1..10,000,000]
   * @param budgetUsd [0.01..] monthly budget; without it there is no limit
   */
  public record User(
      @DefaultValue("5") @Min(1) @Max(10_000) int sessions,
      @DefaultValue("5") @Min(1) @Max(10_000) int tasks,
      @DefaultValue("10240") @Min(1) long storageMib,
      @DefaultValue("1024") @Min(1) long workspaceMib,
      @DefaultValue("60") @Min(1) @Max(1_000_000) int callsPerMinute,
      @DefaultValue("1000") @Min(1) @Max(10_000_000) int callsPerHour,
      @Nullable @DecimalMin("0.01") BigDecimal budgetUsd) {}

  /** Limits of the local owner. */
  public record Owner(
      @DefaultValue("256") @Min(1) @Max(10_000) int sessions,
      @DefaultValue("256") @Min(1) @Max(10_000) int tasks,
      @DefaultValue("1048576") @Min(1) long storageMib,
      @DefaultValue("1024") @Min(1) long workspaceMib,
      @DefaultValue("60000") @Min(1) @Max(1_000_000) int callsPerMinute,
      @DefaultValue("1000000") @Min(1) @Max(10_000_000) int callsPerHour,
      @Nullable @DecimalMin("0.01") BigDecimal budgetUsd) {}

  /**
   * Highest values of the limits of one user. They do not apply to the local owner, who is the
   * operator.
   *
   * @param sessions [1..10,000]
   * @param tasks [1..10,000]
   * @param storageMib [1..]
   * @param workspaceMib [1..]
   * @param callsPerMinute [1..1,000,000]
   * @param callsPerHour [1..10,000,000]
   * @param budgetUsd [0.01..] highest monthly budget; without it any budget, or none, may be set
   * @param tenantBudgetUsd highest monthly budget of a tenant
   * @param tenantExecutions [1..10,000] highest number of executions of a tenant
   */
  public record Ceiling(
      @DefaultValue("10000") @Min(1) @Max(10_000) int sessions,
      @DefaultValue("10000") @Min(1) @Max(10_000) int tasks,
      @DefaultValue("9223372036854775807") @Min(1) long storageMib,
      @DefaultValue("9223372036854775807") @Min(1) long workspaceMib,
      @DefaultValue("1000000") @Min(1) @Max(1_000_000) int callsPerMinute,
      @DefaultValue("10000000") @Min(1) @Max(10_000_000) int callsPerHour,
      @Nullable @DecimalMin("0.01") BigDecimal budgetUsd,
      @Nullable @DecimalMin("0.01") BigDecimal tenantBudgetUsd,
      @DefaultValue("10000") @Min(1) @Max(TenantLimits.EXECUTIONS_MAX) int tenantExecutions) {
    private TenantLimits limits() {
      return new TenantLimits(
          stopping(tenantBudgetUsd),
          tenantExecutions,
          new UserLimits(
              sessions,
              tasks,
              storageMib,
              workspaceMib,
              callsPerMinute,
              callsPerHour,
              stopping(budgetUsd)));
    }

    private static MonthlyBudget stopping(@Nullable BigDecimal usd) {
      return usd == null
          ? MonthlyBudget.UNLIMITED
          : new MonthlyBudget.Limited(money(usd), OnExceeded.STOP);
    }
  }

  Money chunk() {
    return money(reservationChunkUsd);
  }

  /** Converts these settings to the API's type. */
  DefaultLimits defaultLimits(UserId theOwner) {
    var userLimits =
        new UserLimits(
            user.sessions(),
            user.tasks(),
            user.storageMib(),
            user.workspaceMib(),
            user.callsPerMinute(),
            user.callsPerHour(),
            budget(user.budgetUsd()));
    var ownerLimits =
        new UserLimits(
            owner.sessions(),
            owner.tasks(),
            owner.storageMib(),
            owner.workspaceMib(),
            owner.callsPerMinute(),
            owner.callsPerHour(),
            budget(owner.budgetUsd()));
    return new DefaultLimits(
        new TenantLimits(budget(tenantBudgetUsd), tenantExecutions, userLimits),
        theOwner,
        ownerLimits,
        ceiling.limits());
  }

  private MonthlyBudget budget(@Nullable BigDecimal usd) {
    return usd == null
        ? MonthlyBudget.UNLIMITED
        : new MonthlyBudget.Limited(money(usd), onExceeded);
  }

  private static Money money(BigDecimal usd) {
    return Money.ofUsd(usd.toPlainString());
  }
}

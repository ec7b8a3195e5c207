package io.agentledger.command.session.job;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.command.session.job.RunJob.JobData;
import io.agentledger.command.support.AccountStatus.Inactivity;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.TenantMembership;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Stops the runs of a tenant that was suspended, and of a user who was disabled. Queries that wait
 * behind them are issued then, and refused by their own jobs. Idempotent; does nothing for a tenant
 * or user who is active again.
 */
@ProcessingGroup(InactiveAccountHandler.GROUP)
class InactiveAccountHandler {
  static final String GROUP = "inactive-accounts";

  private final JdbcClient sql;
  private final TenantMembership members;
  private final RunAdmission admission;

  InactiveAccountHandler(JdbcClient sql, TenantMembership members, RunAdmission admission) {
    this.sql = sql;
    this.members = members;
    this.admission = admission;
  }

  @EventHandler
  void on(TenantSuspended event) {
    if (members.isSuspended(event.tenantId()))
      for (var run : listRuns(event.tenantId())) refuse(run, Inactivity.TENANT_SUSPENDED);
  }

  @EventHandler
  void on(UserDisabled event, TenantId tenant) {
    var user = Optional.of(event.userId());
    if (members.findActiveRole(tenant, event.userId()).isPresent()) return;
    for (var run : listRuns(tenant))
      if (admission.findUser(run.session(), run.provenance()).equals(user))
        refuse(run, Inactivity.USER_DISABLED);
  }

  /** Returns the issued runs of a tenant that have not ended: each has a job. */
  private List<Assignment> listRuns(TenantId tenant) {
    return sql
        .sql(
            """
            select task_data from run_job
            where convert_from(task_data, 'UTF8')::json -> 'provenance' ->> 'tenant' = ?""")
        .param(tenant.value())
        .query(byte[].class)
        .list()
        .stream()
        .map(data -> JobTable.SERIALIZER.deserialize(JobData.class, data).assignment())
        .toList();
  }

  /** Each in a transaction of its own, so that no session is locked while another one is. */
  private void refuse(Assignment run, Inactivity inactivity) {
    CompletableFuture.runAsync(
            () -> admission.refuse(run.session(), run.run(), run.provenance(), inactivity),
            Thread::startVirtualThread)
        .join();
  }
}

package io.agentledger.command.agent;

import io.agentledger.api.agent.AgentCommand.InstallAgent;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.agent.ShippedAgents.ShippedAgent;
import io.agentledger.command.support.TenantProvisioning;
import java.util.HashSet;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Installs the shipped agents in each tenant: in a new one when it is created, in the others at the
 * start of the service, before the servers start. An agent that a tenant once had is never touched
 * again.
 */
@ProcessingGroup(TenantProvisioning.GROUP)
class ShippedAgentInstaller implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ShippedAgentInstaller.class);

  /** Starts after the founding tenant was created and before the servers. */
  private static final int PHASE = Integer.MAX_VALUE - 2900;

  /** Owner of the shipped agents: the service, which is no user. */
  private static final UserId SERVICE = new UserId(Ids.derived(UserId.PREFIX, "service"));

  private final ShippedAgents shippedAgents;
  private final CommandGateway commands;
  private final JdbcClient sql;
  private volatile boolean running;

  ShippedAgentInstaller(ShippedAgents shippedAgents, CommandGateway commands, JdbcClient sql) {
    this.shippedAgents = shippedAgents;
    this.commands = commands;
    this.sql = sql;
  }

  /** Idempotent, because the command is. */
  @EventHandler
  void on(TenantCreated event, MetaData metadata) {
    for (var agent : shippedAgents.agents())
      install(agent, event.tenantId(), Provenance.of(metadata));
  }

  private void install(ShippedAgent agent, TenantId tenant, Provenance cause) {
    var command =
        new InstallAgent(
            shippedAgents.idOf(agent, tenant), SERVICE, agent.name(), agent.definition());
    var system = new Provenance(tenant, cause.actor(), cause.credential(), cause.request());
    commands.sendAndWait(new GenericCommandMessage<>(command, system.asService().asMetadata()));
  }

  /** Installs what is missing. The service starts without what cannot be installed. */
  @Override
  public void start() {
    running = true;
    installMissing();
  }

  private void installMissing() {
    var tenants =
        sql.sql("select tenant from identity_tenant").query(String.class).list().stream()
            .map(TenantId::new)
            .toList();
    var existing =
        new HashSet<>(
            sql.sql(
                    """
                    select aggregateidentifier from event
                    where aggregateidentifier = any(?) and sequencenumber = 0
                    """)
                .param(
                    tenants.stream()
                        .flatMap(
                            tenant ->
                                shippedAgents.agents().stream()
                                    .map(agent -> shippedAgents.idOf(agent, tenant).value()))
                        .toArray(String[]::new))
                .query(String.class)
                .list());
    for (var tenant : tenants)
      for (var agent : shippedAgents.agents())
        if (!existing.contains(shippedAgents.idOf(agent, tenant).value()))
          installOrWarn(agent, tenant);
  }

  /** A tenant whose installation fails keeps no other one from its agents. */
  private void installOrWarn(ShippedAgent agent, TenantId tenant) {
    try {
      install(agent, tenant, Provenance.ofSystem(tenant, "start"));
    } catch (RuntimeException exception) { // A node that starts at the same time, for example.
      log.atWarn()
          .addKeyValue("tenantId", tenant)
          .addKeyValue("agent", agent.name())
          .setCause(exception)
          .log("a shipped agent was not installed; the next start tries again");
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}

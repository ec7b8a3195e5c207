package io.agentledger.command.identity;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.command.SigningKeyCommand.MaintainSigningKeys;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.identity.apikey.ApiKeyConfiguration;
import io.agentledger.command.identity.authentication.AuthenticationConfiguration;
import io.agentledger.command.identity.authentication.CachingAuthenticator.LocalOwnerAuthenticator;
import io.agentledger.command.identity.login.LoginConfiguration;
import io.agentledger.command.identity.shared.AuthenticationPool;
import io.agentledger.command.identity.shared.CredentialScopeInterceptor;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.command.identity.ticket.TicketConfiguration;
import io.agentledger.command.identity.token.TokenConfiguration;
import io.agentledger.command.identity.user.SetupToken;
import io.agentledger.command.identity.user.UserConfiguration;
import io.agentledger.command.support.DefaultEnvironmentIds;
import io.agentledger.command.support.InstallationOwner;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.store.NodeHome;
import io.agentledger.store.postgres.ConnectionPools;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for authorization, and the local owner with the default agent and environment. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SessionDefaultSettings.class, IdentitySettings.class})
@Import({
  UserConfiguration.class,
  LoginConfiguration.class,
  ApiKeyConfiguration.class,
  TokenConfiguration.class,
  AuthenticationConfiguration.class,
  TicketConfiguration.class
})
public class IdentityConfiguration {
  private static final Duration SIGNING_KEY_CHECK_INTERVAL = Duration.ofHours(1);

  @Bean
  LocalOwnerTable localOwnerTable(JdbcClient sql) {
    return new LocalOwnerTable(sql);
  }

  @Bean
  LocalOwner localOwner(LocalOwnerTable owners) {
    return owners.findOrCreate();
  }

  @Bean
  LocalOwnerInitializer localOwnerInitializer(
      LocalOwner owner, CommandGateway commands, SetupToken setupToken) {
    return new LocalOwnerInitializer(owner, commands, setupToken);
  }

  @Bean
  RoleScopes roleScopes(LocalOwner owner) {
    return new RoleScopes(owner.tenant());
  }

  /** Ordered after the interceptor that checks the scope of the command itself. */
  @Bean
  @DependsOn("commandInterceptors")
  InitializingBean credentialScopeInterceptor(
      CommandBus bus, RoleScopes roleScopes, JdbcClient sql) {
    return () -> bus.registerHandlerInterceptor(new CredentialScopeInterceptor(roleScopes, sql));
  }

  @Bean
  @DependsOn("commandInterceptors")
  InitializingBean tenantReferenceInterceptor(
      CommandBus bus,
      DefaultAgentIds defaultAgentIds,
      @Qualifier("eventStore") EventStore events,
      SecretReader vaults) {
    return () ->
        bus.registerHandlerInterceptor(
            new TenantReferenceInterceptor(defaultAgentIds, events, vaults));
  }

  @Bean
  @DependsOnDatabaseInitialization
  AuthenticationPool authenticationPool(ConnectionPools pools) {
    return new AuthenticationPool(pools);
  }

  @Bean
  Task<Void> maintainSigningKeys(ObjectProvider<CommandGateway> commands, LocalOwner owner) {
    return Tasks.recurring("maintain-signing-keys", FixedDelay.of(SIGNING_KEY_CHECK_INTERVAL))
        .execute(
            (instance, context) ->
                commands
                    .getObject()
                    .sendAndWait(
                        new MaintainSigningKeys(),
                        EventMetadata.forSystem(owner.tenant(), "job_maintain-signing-keys")));
  }

  @Bean
  LocalOwnerAuthenticator localOwnerAuthenticator(
      LocalOwner owner, LocalOwnerTable owners, NodeHome home) {
    return new OwnerKeyAuthenticator(owner, owners, OwnerKeyFile.inHome(home.root()), home.node());
  }

  @Bean
  InstallationOwner installationOwner(LocalOwner owner) {
    return new InstallationOwner(owner.user());
  }

  @Bean
  SessionDefaults sessionDefaults(LocalOwner owner, SessionDefaultSettings defaults) {
    return new SessionDefaults(
        agent(owner, defaults),
        new RunOptions(
            defaults.model(),
            PermissionMode.DEFAULT,
            RunOptions.DEFAULT_ALLOWED_TOOLS,
            List.of(),
            defaults.maxTurns(),
            defaults.timeout()));
  }

  private static AgentSnapshot agent(LocalOwner owner, SessionDefaultSettings defaults) {
    return new AgentSnapshot(
        owner.agent(),
        1,
        DefaultAgentIds.INITIAL_NAME,
        new AgentSnapshot.Model(defaults.model(), "default", "default"),
        AgentSnapshot.SystemPrompt.PRESET,
        AgentSnapshot.BUILT_IN_TOOLS,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Returns the ids of default agents; that of the founding tenant is older and not derived. */
  @Bean
  DefaultAgentIds defaultAgentIds(LocalOwner owner) {
    return tenant ->
        tenant.equals(owner.tenant())
            ? owner.agent()
            : new AgentId(
                Ids.derived(AgentId.PREFIX, tenant.value(), DefaultAgentIds.INITIAL_NAME));
  }

  /**
   * Returns the ids of default environments; that of the founding tenant is older and not derived.
   */
  @Bean
  DefaultEnvironmentIds defaultEnvironmentIds(LocalOwner owner) {
    return tenant ->
        tenant.equals(owner.tenant())
            ? owner.environment()
            : new EnvironmentId(Ids.derived(EnvironmentId.PREFIX, tenant.value()));
  }
}

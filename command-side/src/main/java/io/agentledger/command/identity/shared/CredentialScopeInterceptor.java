package io.agentledger.command.identity.shared;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.ExpireApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueAgentToken;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RotateApiKey;
import io.agentledger.api.identity.command.IdentityCommand;
import io.agentledger.api.identity.command.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import io.agentledger.api.identity.command.LoginCommand.FlushSignInRefusals;
import io.agentledger.api.identity.command.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.command.LoginCommand.RevokeRefreshToken;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.LoginCommand.SignOut;
import io.agentledger.api.identity.command.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.command.SigningKeyCommand;
import io.agentledger.api.identity.command.TenantCommand;
import io.agentledger.api.identity.command.UserCommand.ChangePassword;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.identity.command.UserCommand.ProvisionExternalUser;
import io.agentledger.api.identity.command.UserCommand.RegisterLocalOwner;
import io.agentledger.api.identity.command.UserCommand.RegisterUser;
import io.agentledger.api.identity.command.UserCommand.RenameUser;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Checks every command that issues, changes or ends a credential against the scopes of its caller:
 * a caller cannot touch a credential with more scopes than its own. A new command does not compile
 * until it is handled here. Credentials that the caller must not see are left to the command
 * handler, which rejects them as not found.
 */
public final class CredentialScopeInterceptor
    implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final RoleScopes roleScopes;
  private final JdbcClient sql;

  public CredentialScopeInterceptor(RoleScopes roleScopes, JdbcClient sql) {
    this.roleScopes = roleScopes;
    this.sql = sql;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    var message = unit.getMessage();
    if (message.getPayload() instanceof IdentityCommand command)
      Caller.of(message.getMetaData())
          .ifPresent(caller -> RoleScopes.requireWithin(caller, scopesInvolved(command, caller)));
    return chain.proceed();
  }

  private Set<Scope> scopesInvolved(IdentityCommand command, Caller caller) {
    return switch (command) {
      case IssueApiKey issue -> issue.scopes();
      case IssueAgentToken issue -> issue.scopes();
      case RotateApiKey rotate -> scopesOfKey(rotate.keyId(), caller, false);
      case RevokeApiKey revoke -> scopesOfKey(revoke.keyId(), caller, true);
      case InviteUser invite -> scopesOf(invite, caller);
      case ChangeRole change -> scopesOfBoth(change, caller);
      case DisableUser disable -> scopesOf(disable.userId(), caller);
      case EnableUser enable -> scopesOf(enable.userId(), caller);
      case ChangePassword change -> scopesOf(change.userId(), caller);
      case SignOutEverywhere signOut -> scopesOf(signOut.userId(), caller);
      case EndLogin end -> scopesOfLogin(end.loginId(), caller);
      case RevokeInvitation _ -> Set.of(); // Its handler checks the scopes of its role.
      case SignOut _, RenameUser _, TenantCommand _, SigningKeyCommand _ -> Set.of();
      // Without a caller: authenticated by a password or a token, or sent by the service.
      case SignIn _, RefreshLogin _, RevokeRefreshToken _, FlushSignInRefusals _ -> Set.of();
      case RegisterUser _, RegisterLocalOwner _, ProvisionExternalUser _ -> Set.of();
      case AcceptInvitation _, ExpireApiKey _ -> Set.of();
    };
  }

  private Set<Scope> scopesOf(InviteUser invite, Caller caller) {
    boolean known = invite.tenantId().equals(caller.tenant()) || caller.operator();
    return known ? roleScopes.scopesOf(invite.tenantId(), invite.role()) : Set.of();
  }

  private Set<Scope> scopesOfBoth(ChangeRole change, Caller caller) {
    var scopes = EnumSet.noneOf(Scope.class);
    scopes.addAll(scopesOf(change.userId(), caller));
    scopes.addAll(roleScopes.scopesOf(caller.tenant(), change.role()));
    return scopes;
  }

  private Set<Scope> scopesOf(UserId user, Caller caller) {
    return sql.sql(
            """
            select tenant, role from identity_user
            where user_id = ? and tenant = ? and (user_id = ? or ?)""")
        .params(user.value(), caller.tenant().value(), caller.user().value(), seesAll(caller))
        .query((row, n) -> roleScopes(row))
        .optional()
        .orElse(Set.of());
  }

  private Set<Scope> scopesOfLogin(CredentialId login, Caller caller) {
    return sql.sql(
            """
            select u.tenant, u.role from identity_login l join identity_user u using (user_id)
            where l.credential = ? and u.tenant = ? and (u.user_id = ? or ?)""")
        .params(login.value(), caller.tenant().value(), caller.user().value(), seesAll(caller))
        .query((row, n) -> roleScopes(row))
        .optional()
        .orElse(Set.of());
  }

  /**
   * Returns the scopes that the key was issued with, because its owner may regain a role; or only
   * those that are effective now.
   */
  private Set<Scope> scopesOfKey(CredentialId key, Caller caller, boolean onlyInEffect) {
    return sql.sql(
            """
            select k.scopes, u.tenant, u.role from identity_key k join identity_user u using (user_id)
            where k.credential = ? and k.tenant = ? and (k.user_id = ? or ?)""")
        .params(key.value(), caller.tenant().value(), caller.user().value(), seesAll(caller))
        .query(
            (row, n) -> {
              var scopes = EnumSet.noneOf(Scope.class);
              for (var scope : row.getString("scopes").split(" "))
                if (!scope.isEmpty()) scopes.add(Scope.of(scope));
              if (onlyInEffect) scopes.retainAll(roleScopes(row));
              return (Set<Scope>) scopes;
            })
        .optional()
        .orElse(Set.of());
  }

  private static boolean seesAll(Caller caller) {
    return caller.has(Scope.USERS_WRITE);
  }

  private Set<Scope> roleScopes(ResultSet row) throws SQLException {
    return roleScopes.scopesOf(
        new TenantId(row.getString("tenant")), Role.valueOf(row.getString("role")));
  }
}

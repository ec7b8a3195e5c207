package io.agentledger.api.identity.event;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.serialization.Revision;

/** Events of a user. Name and email address are sealed under the user's own key. */
public sealed interface UserEvent extends IdentityEvent {
  UserId userId();

  /** Way in which a user joined a tenant. */
  sealed interface JoinMethod extends Discriminated {}

  /** The owner of the installation, identified by the key in a node's home directory. */
  @StableName("as_local_owner")
  record AsLocalOwner() implements JoinMethod {}

  @StableName("by_sign_up")
  record BySignUp() implements JoinMethod {}

  @StableName("by_invitation")
  record ByInvitation(InvitationId invitationId) implements JoinMethod {}

  /** A user of an external token issuer, which authenticates the user and manages the role. */
  @StableName("from_issuer")
  record FromIssuer(@ShownInAudit String issuer) implements JoinMethod {}

  /**
   * A user was registered; the first event of every user.
   *
   * @param name absent if none was given
   * @param email absent if none was given
   */
  @Revision("1")
  @StableName("UserRegistered")
  record UserRegistered(
      UserId userId,
      TenantId tenantId,
      Role role,
      JoinMethod joinMethod,
      Content name,
      Content email)
      implements UserEvent {}

  /** The user was renamed. */
  @Revision("1")
  @StableName("UserRenamed")
  record UserRenamed(UserId userId, Content name) implements UserEvent {}

  /** The external issuer reported another email address. */
  @Revision("1")
  @StableName("UserEmailChanged")
  record UserEmailChanged(UserId userId, Content email) implements UserEvent {}

  /** The user got another role. */
  @Revision("1")
  @StableName("UserRoleChanged")
  record UserRoleChanged(UserId userId, Role role) implements UserEvent {}

  /** The user set a password, the first one or a new one. The event does not contain it. */
  @Revision("1")
  @StableName("PasswordSet")
  record PasswordSet(UserId userId) implements UserEvent {}

  /** The user was disabled; their credentials are invalid, and no run of theirs begins. */
  @Revision("1")
  @StableName("UserDisabled")
  record UserDisabled(UserId userId) implements UserEvent {}

  /** The user was enabled; their keys are valid again, and they have to sign in again. */
  @Revision("1")
  @StableName("UserEnabled")
  record UserEnabled(UserId userId) implements UserEvent {}

  /**
   * All logins of the user that existed at this time were ended.
   *
   * @param exceptLoginIds logins that stay, if any: the one with which the user changed the
   *     password
   */
  @Revision("1")
  @StableName("UserLoginsEnded")
  record UserLoginsEnded(
      UserId userId, LoginEvent.EndReason endReason, List<CredentialId> exceptLoginIds)
      implements UserEvent {}
}

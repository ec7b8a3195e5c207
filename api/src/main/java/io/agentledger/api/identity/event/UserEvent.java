package io.agentledger.api.identity.event;

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

  /** The owner of the installation, known by the key in a node's home. */
  @StableName("as_local_owner")
  record AsLocalOwner() implements JoinMethod {}

  @StableName("by_sign_up")
  record BySignUp() implements JoinMethod {}

  @StableName("by_invitation")
  record ByInvitation(InvitationId invitationId) implements JoinMethod {}

  /** Known by another issuer of tokens, who vouches for them and keeps their role. */
  @StableName("from_issuer")
  record FromIssuer(String issuer) implements JoinMethod {}

  /**
   * The first event of every user.
   *
   * @param name absent when nobody said one
   * @param email absent when nobody said one
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

  @Revision("1")
  @StableName("UserRenamed")
  record UserRenamed(UserId userId, Content name) implements UserEvent {}

  /** Their issuer knows them under another address now. */
  @Revision("1")
  @StableName("UserEmailChanged")
  record UserEmailChanged(UserId userId, Content email) implements UserEvent {}

  @Revision("1")
  @StableName("UserRoleChanged")
  record UserRoleChanged(UserId userId, Role role) implements UserEvent {}

  /** The user has set a password, the first one or another one. The event does not contain it. */
  @Revision("1")
  @StableName("PasswordSet")
  record PasswordSet(UserId userId) implements UserEvent {}

  /** None of their credentials counts any more. */
  @Revision("1")
  @StableName("UserDisabled")
  record UserDisabled(UserId userId) implements UserEvent {}

  /** Their keys count again; they have to sign in anew. */
  @Revision("1")
  @StableName("UserEnabled")
  record UserEnabled(UserId userId) implements UserEvent {}

  /**
   * All logins that had begun until then are over.
   *
   * @param exceptLoginIds the one that goes on, if any: of the person who changed the password
   */
  @Revision("1")
  @StableName("UserLoginsEnded")
  record UserLoginsEnded(
      UserId userId, LoginEvent.EndReason endReason, List<CredentialId> exceptLoginIds)
      implements UserEvent {}
}

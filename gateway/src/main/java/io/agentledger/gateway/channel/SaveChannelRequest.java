package io.agentledger.gateway.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelAgent.ReplyMode;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.shared.Json;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.VaultId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or replace a channel.
 *
 * @param platform name of a platform of {@code GET /platforms}; it cannot be changed
 * @param settings fields that the platform declares
 * @param credentials secrets in vaults, by the names that the platform declares
 * @param apiUrl base URL of the platform's API; the platform's own if omitted
 * @param members users who see the chats beside you and admins; none if omitted
 * @param assignee user to whom new chats are assigned; nobody if omitted
 * @param agent agent that answers; none if omitted
 * @param agentId agent whose tokens may write to the chats; none if omitted
 * @param buffer rules for calls of the agent
 * @param agentActive whether the agent answers in new chats; true with an agent if omitted
 */
record SaveChannelRequest(
    @ConfigurationName String name,
    @Nullable @Size(max = 2000, message = "must be at most 2000 characters") String description,
    @NotNull(message = "is required")
        @Pattern(regexp = "[a-z][a-z0-9_]{0,39}", message = "must be the name of a platform")
        String platform,
    @Nullable @Size(max = ChannelDefinition.SETTINGS_MAX, message = "must be at most 32 settings")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                String,
                @NotNull(message = "must be a text")
                @Size(
                    max = ChannelDefinition.SETTING_LENGTH_MAX,
                    message = "must be at most 2048 characters")
                String>
            settings,
    @Nullable @Size(max = ChannelDefinition.SETTINGS_MAX, message = "must be at most 32 secrets")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") @SafeText
                String,
                @NotNull(message = "is required") @Valid CredentialReference>
            credentials,
    @Nullable @Size(min = 1, max = 2048, message = "must be 1 to 2048 characters") String apiUrl,
    @Nullable @Size(max = Viewers.USERS_MAX, message = "must be at most 100 users")
        List<@NotNull(message = "must be a user") UserId> members,
    @Nullable UserId assignee,
    @Nullable @Valid AgentRequest agent,
    @Nullable AgentId agentId,
    @Nullable @Valid BufferRequest buffer,
    @Nullable Boolean agentActive) {
  /** See {@link SecretRef}. */
  record CredentialReference(
      @NotNull(message = "is required") VaultId vaultId,
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
              message = "must be the name of a secret")
          String name) {
    SecretRef toRef() {
      return new SecretRef(vaultId, name);
    }
  }

  /**
   * Agent that answers: of this installation with {@code session}, external with {@code url}.
   *
   * @param session request to open the session of a chat, as in the API
   * @param url receives a signed request for each call
   * @param secret key of the signature, of the form {@code whsec_...}
   * @param mode reply if omitted
   */
  record AgentRequest(
      @Nullable Json session,
      @Nullable @Size(min = 1, max = 2048, message = "must be 1 to 2048 characters") String url,
      @Nullable @Valid CredentialReference secret,
      @Nullable ReplyMode mode) {
    ChannelAgent toAgent() {
      if ((session == null) == (url == null))
        throw InvalidRequestException.body("/agent", "must have either session or url");
      if (session != null) {
        if (secret != null || mode != null)
          throw InvalidRequestException.body("/agent", "must have secret and mode with url only");
        return new ChannelAgent.Internal(session);
      }
      if (secret == null)
        throw InvalidRequestException.body(
            "/agent/secret", "must name the secret in a vault that signs the requests");
      return new ChannelAgent.External(
          Objects.requireNonNull(url),
          secret.toRef(),
          Objects.requireNonNullElse(mode, ReplyMode.REPLY));
    }
  }

  /**
   * Rules for calls of the agent.
   *
   * @param quietSeconds time after the last message of the contact; 3 if omitted
   * @param maxWaitSeconds time after the first message; 30 if omitted
   * @param history number of earlier messages that a call contains; 40 if omitted
   * @param windowMinutes maximum age of these messages; 1440 if omitted
   * @param tries of a call; 3 if omitted
   */
  record BufferRequest(
      @Nullable @Range(min = 0, max = 60, message = "must be 0 to 60") Integer quietSeconds,
      @Nullable @Range(min = 0, max = 300, message = "must be 0 to 300") Integer maxWaitSeconds,
      @Nullable @Range(min = 0, max = 200, message = "must be 0 to 200") Integer history,
      @Nullable @Range(min = 1, max = 43_200, message = "must be 1 to 43200") Integer windowMinutes,
      @Nullable @Range(min = 1, max = 5, message = "must be 1 to 5") Integer tries) {
    AgentBuffer toBuffer() {
      var standard = AgentBuffer.DEFAULT;
      return new AgentBuffer(
          Objects.requireNonNullElse(quietSeconds, standard.quietSeconds()),
          Objects.requireNonNullElse(maxWaitSeconds, standard.maxWaitSeconds()),
          Objects.requireNonNullElse(history, standard.history()),
          Objects.requireNonNullElse(windowMinutes, standard.windowMinutes()),
          Objects.requireNonNullElse(tries, standard.tries()));
    }
  }

  ChannelProperties toProperties(Caller caller) {
    return new ChannelProperties(
        name,
        platform,
        credentials == null
            ? Map.of()
            : credentials.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toRef())),
        members == null
            ? List.of()
            : members.stream().distinct().sorted(Comparator.comparing(UserId::value)).toList(),
        assignee == null ? List.of() : List.of(assignee),
        agentId == null ? List.of() : List.of(agentId),
        ExecutionPrincipal.of(caller));
  }

  ChannelDefinition toDefinition() {
    if (agent == null && Boolean.TRUE.equals(agentActive) && agentId == null)
      throw InvalidRequestException.body("/agent_active", "must not be true without an agent");
    return new ChannelDefinition(
        description,
        settings == null ? Map.of() : settings,
        apiUrl,
        agent == null ? null : agent.toAgent(),
        buffer == null ? AgentBuffer.DEFAULT : buffer.toBuffer(),
        Objects.requireNonNullElse(agentActive, agent != null || agentId != null));
  }
}

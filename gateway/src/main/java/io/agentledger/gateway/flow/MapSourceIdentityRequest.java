package io.agentledger.gateway.flow;

import io.agentledger.api.flow.SourceIdentityCommand;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.UserId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * Request to map an account at a provider to a user.
 *
 * @param accountId id that the provider gave the account, and gives to no other; not its login
 */
record MapSourceIdentityRequest(
    @NotNull(message = "must be github, jira or sentry") SourceProvider provider,
    @NotNull(message = "is required")
        @Pattern(
            regexp = "[A-Za-z0-9:_-]{1," + SourceIdentityCommand.ACCOUNT_ID_LENGTH_MAX + "}",
            message = "must be the id of an account")
        String accountId,
    @NotNull(message = "is required") UserId userId) {
  /** Rejects logins, which can be released and taken by somebody else. */
  void requireAccountId() {
    if (provider != SourceProvider.JIRA && !accountId.matches("[0-9]{1,20}"))
      throw InvalidRequestException.body(
          "/account_id", "must be the numeric id of the account, not its login");
  }
}

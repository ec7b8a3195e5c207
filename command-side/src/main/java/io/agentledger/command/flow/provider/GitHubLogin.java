package io.agentledger.command.flow.provider;

import java.time.Instant;

/**
 * Authentication at GitHub.
 *
 * @param account name of the account that comments get as their author
 * @param usableUntil when it must be renewed
 */
record GitHubLogin(String token, String account, Instant usableUntil) {
  @Override
  public String toString() {
    return "GitHubLogin[***]";
  }
}

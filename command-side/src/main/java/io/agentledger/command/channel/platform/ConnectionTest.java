package io.agentledger.command.channel.platform;

/**
 * Result of a connection test.
 *
 * @param account name of the account at the platform; empty if the test failed
 * @param detail reason of a failure, a sentence that is safe to show; otherwise empty
 */
public record ConnectionTest(boolean successful, String account, String detail) {
  public static ConnectionTest passed(String account) {
    return new ConnectionTest(true, account, "");
  }

  public static ConnectionTest failed(String detail) {
    return new ConnectionTest(false, "", detail);
  }
}

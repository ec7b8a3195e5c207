package io.agentledger.api.vault;

/**
 * Formats of credentials that are recognized in a text. They have prefixes that are specific to an
 * issuer, to avoid false matches: a text without a match may still contain a credential.
 */
public enum CredentialFormat {
  PRIVATE_KEY("a private key", "-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"),
  AWS_KEY("an AWS key", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
  GITHUB_TOKEN("a GitHub token", "\\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})"),
  GITLAB_TOKEN("a GitLab token", "\\bglpat-[A-Za-z0-9_-]{20}"),
  SLACK_TOKEN("a Slack token", "\\bxox[abposr]-[A-Za-z0-9-]{10}"),
  ANTHROPIC_KEY("an Anthropic key", "\\bsk-ant-[A-Za-z0-9_-]{20}"),
  GOOGLE_KEY("a Google key", "\\bAIza[0-9A-Za-z_-]{35}"),
  STRIPE_KEY("a Stripe key", "\\b[rs]k_live_[0-9a-zA-Z]{24}"),
  JSON_WEB_TOKEN("a token", "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10}");

  private final String description;
  private final String pattern;

  CredentialFormat(String description, String pattern) {
    this.description = description;
    this.pattern = pattern;
  }

  /** Returns the noun with its article, for messages. */
  public String description() {
    return description;
  }

  /** Returns the regular expression, which RE2 evaluates in linear time. */
  public String pattern() {
    return pattern;
  }
}

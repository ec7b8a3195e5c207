package io.agentledger.api.vault;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The value of a secret. A command carries it to the vault, and the vault returns it to its user;
 * it is never part of an event, a response or a log, and {@code toString} contains only its type.
 * The {@link #target} is not secret.
 */
public sealed interface SecretValue extends Discriminated {
  SecretType type();

  /**
   * Returns the target of the secret: a server's address, or a variable's name. It never changes
   * for one name.
   */
  String target();

  /**
   * A bearer token.
   *
   * @param url URL of its server
   */
  @StableName("static_bearer")
  record StaticBearer(String url, String token) implements SecretValue {
    @Override
    public SecretType type() {
      return SecretType.STATIC_BEARER;
    }

    @Override
    public String target() {
      return url;
    }

    @Override
    public String toString() {
      return "StaticBearer[***]";
    }
  }

  /**
   * The value of a header.
   *
   * @param url URL of its server
   * @param header the header's name
   */
  @StableName("header")
  record Header(String url, String header, String value) implements SecretValue {
    @Override
    public SecretType type() {
      return SecretType.HEADER;
    }

    @Override
    public String target() {
      return url;
    }

    @Override
    public String toString() {
      return "Header[***]";
    }
  }

  /**
   * User name and password.
   *
   * @param url URL of its server
   */
  @StableName("basic")
  record Basic(String url, String username, String password) implements SecretValue {
    @Override
    public SecretType type() {
      return SecretType.BASIC;
    }

    @Override
    public String target() {
      return url;
    }

    @Override
    public String toString() {
      return "Basic[***]";
    }
  }

  /**
   * The value of an environment variable.
   *
   * @param variable the variable's name
   */
  @StableName("environment_variable")
  record EnvironmentVariable(String variable, String value) implements SecretValue {
    @Override
    public SecretType type() {
      return SecretType.ENVIRONMENT_VARIABLE;
    }

    @Override
    public String target() {
      return variable;
    }

    @Override
    public String toString() {
      return "EnvironmentVariable[***]";
    }
  }

  /**
   * OAuth tokens of an MCP server.
   *
   * @param url of the MCP server
   * @param expiresAt null if unknown
   * @param refresh null if it cannot be refreshed
   */
  @StableName("mcp_oauth")
  record McpOauth(
      String url, String accessToken, @Nullable Instant expiresAt, @Nullable Refresh refresh)
      implements SecretValue {
    @Override
    public SecretType type() {
      return SecretType.MCP_OAUTH;
    }

    @Override
    public String target() {
      return url;
    }

    @Override
    public String toString() {
      return "McpOauth[***]";
    }
  }

  /**
   * Parameters for the renewal of an access token.
   *
   * @param clientSecret null for a public client
   * @param resource resource indicator, null if the server needs none
   * @param scope null for the server's default
   */
  record Refresh(
      String tokenEndpoint,
      String clientId,
      ClientAuthentication authentication,
      @Nullable String clientSecret,
      String refreshToken,
      @Nullable String resource,
      @Nullable String scope) {
    @Override
    public String toString() {
      return "Refresh[***]";
    }
  }

  /** Authentication of a client at the token endpoint. */
  enum ClientAuthentication {
    NONE,
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST
  }
}

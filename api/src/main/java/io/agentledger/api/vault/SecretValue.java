package io.agentledger.api.vault;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret itself. It travels in a command to the vault, and out of it to whoever uses it; it is
 * never part of an event, an answer or a log, and {@code toString} says its kind only. What tells
 * secrets apart without being one, the {@link #target}, is no secret and is shown.
 */
public sealed interface SecretValue extends Discriminated {
  SecretType type();

  /** What it is for: a server's address, or a variable's name. It stays the same under one name. */
  String target();

  /**
   * @param url of the server that it is for
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
   * @param url of the server that it is for
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
   * @param url of the server that it is for
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
   * @param url of the MCP server
   * @param expiresAt null when it does not say
   * @param refresh null when it cannot be refreshed
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
   * @param resource what the token is for, null where the server needs none
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

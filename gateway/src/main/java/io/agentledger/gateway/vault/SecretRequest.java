package io.agentledger.gateway.vault;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.SecretValue.ClientAuthentication;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.PlainUrl;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret in a request, distinguished by its {@code type}. Its {@code toString} does not contain
 * the value.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = Discriminated.PROPERTY)
@JsonSubTypes({
  @JsonSubTypes.Type(value = SecretRequest.StaticBearer.class, name = "static_bearer"),
  @JsonSubTypes.Type(value = SecretRequest.Header.class, name = "header"),
  @JsonSubTypes.Type(value = SecretRequest.Basic.class, name = "basic"),
  @JsonSubTypes.Type(
      value = SecretRequest.EnvironmentVariable.class,
      name = "environment_variable"),
  @JsonSubTypes.Type(value = SecretRequest.McpOauth.class, name = "mcp_oauth"),
})
sealed interface SecretRequest {
  int URL_LENGTH_MAX = 2048;
  int VALUE_LENGTH_MAX = 8192;
  String URL = "must be 1 to 2048 characters";
  String VALUE = "must be 1 to 8192 characters";

  /** Characters of a header value: visible ASCII, without line breaks. */
  String IN_HEADER = "[\\x20-\\x7e]*";

  String VISIBLE = "must be visible ASCII characters";

  SecretValue toValue();

  /** See {@link SecretValue.StaticBearer}. */
  record StaticBearer(
      @NotBlank(message = URL) @Size(max = URL_LENGTH_MAX, message = URL) String url,
      @NotBlank(message = VALUE)
          @Size(max = VALUE_LENGTH_MAX, message = VALUE)
          @Pattern(regexp = IN_HEADER, message = VISIBLE)
          String token)
      implements SecretRequest {
    @Override
    public SecretValue toValue() {
      return new SecretValue.StaticBearer(PlainUrl.require("/url", url), token);
    }

    @Override
    public String toString() {
      return "StaticBearer[***]";
    }
  }

  /** See {@link SecretValue.Header}. */
  record Header(
      @NotBlank(message = URL) @Size(max = URL_LENGTH_MAX, message = URL) String url,
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}",
              message = "must be a header's name of 1 to 64 characters")
          String header,
      @NotBlank(message = VALUE)
          @Size(max = VALUE_LENGTH_MAX, message = VALUE)
          @Pattern(regexp = IN_HEADER, message = VISIBLE)
          String value)
      implements SecretRequest {
    @Override
    public SecretValue toValue() {
      return new SecretValue.Header(PlainUrl.require("/url", url), header, value);
    }

    @Override
    public String toString() {
      return "Header[***]";
    }
  }

  /** See {@link SecretValue.Basic}. */
  record Basic(
      @NotBlank(message = URL) @Size(max = URL_LENGTH_MAX, message = URL) String url,
      @NotNull(message = "is required")
          @Size(min = 1, max = 255, message = "must be 1 to 255 characters")
          @Pattern(regexp = "[^:\\p{Cntrl}]*", message = "must be without colons and controls")
          String username,
      @NotBlank(message = VALUE) @Size(max = VALUE_LENGTH_MAX, message = VALUE) String password)
      implements SecretRequest {
    @Override
    public SecretValue toValue() {
      return new SecretValue.Basic(PlainUrl.require("/url", url), username, password);
    }

    @Override
    public String toString() {
      return "Basic[***]";
    }
  }

  /** See {@link SecretValue.EnvironmentVariable}. */
  record EnvironmentVariable(
      @NotNull(message = "is required")
          @Pattern(
              regexp = "[A-Za-z_][A-Za-z0-9_]{0,127}",
              message = "must be a variable's name of 1 to 128 characters")
          String variable,
      @NotBlank(message = VALUE)
          @Size(max = VALUE_LENGTH_MAX, message = VALUE)
          @Pattern(regexp = "[^\\x00]*", message = "must be without NUL")
          String value)
      implements SecretRequest {
    @Override
    public SecretValue toValue() {
      return new SecretValue.EnvironmentVariable(variable, value);
    }

    @Override
    public String toString() {
      return "EnvironmentVariable[***]";
    }
  }

  /** See {@link SecretValue.McpOauth}. */
  record McpOauth(
      @NotBlank(message = URL) @Size(max = URL_LENGTH_MAX, message = URL) String url,
      @NotBlank(message = VALUE)
          @Size(max = VALUE_LENGTH_MAX, message = VALUE)
          @Pattern(regexp = IN_HEADER, message = VISIBLE)
          String accessToken,
      @Nullable Instant expiresAt,
      @Nullable @Valid OAuthRefreshRequest refresh)
      implements SecretRequest {
    @Override
    public SecretValue toValue() {
      return new SecretValue.McpOauth(
          PlainUrl.require("/url", url),
          accessToken,
          expiresAt,
          refresh == null ? null : refresh.toRefresh());
    }

    @Override
    public String toString() {
      return "McpOauth[***]";
    }
  }

  /** See {@link SecretValue.Refresh}. */
  record OAuthRefreshRequest(
      @NotBlank(message = URL) @Size(max = URL_LENGTH_MAX, message = URL) String tokenEndpoint,
      @NotBlank(message = "must be 1 to 255 characters")
          @Size(max = 255, message = "must be 1 to 255 characters")
          String clientId,
      @NotNull(message = "is required") ClientAuthentication authentication,
      @Nullable @Size(min = 1, max = VALUE_LENGTH_MAX, message = VALUE) String clientSecret,
      @NotBlank(message = VALUE) @Size(max = VALUE_LENGTH_MAX, message = VALUE) String refreshToken,
      @Nullable @Size(max = URL_LENGTH_MAX, message = "must be at most 2048 characters")
          String resource,
      @Nullable @Size(max = 1024, message = "must be at most 1024 characters") String scope) {
    SecretValue.Refresh toRefresh() {
      boolean needsSecret = authentication != ClientAuthentication.NONE;
      if (needsSecret != (clientSecret != null))
        throw InvalidRequestException.body(
            "/refresh/client_secret",
            needsSecret ? "is required" : "must not be given for a public client");
      return new SecretValue.Refresh(
          PlainUrl.require("/refresh/token_endpoint", tokenEndpoint),
          clientId,
          authentication,
          clientSecret,
          refreshToken,
          resource,
          scope);
    }

    @Override
    public String toString() {
      return "OAuthRefreshRequest[***]";
    }
  }
}

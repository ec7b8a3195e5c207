package io.agentledger.gateway.identity;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.command.LoginCommand.RevokeRefreshToken;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.LoginCommand.SignOut;
import io.agentledger.api.identity.command.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.UserCommand.ChangePassword;
import io.agentledger.api.identity.command.UserCommand.RegisterUser;
import io.agentledger.api.identity.query.CurrentUserView;
import io.agentledger.api.identity.query.IdentityQuery.FindCurrentUser;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.identity.security.AccessTokenCookie;
import io.agentledger.gateway.identity.security.LocalRequest;
import io.agentledger.gateway.identity.security.RequestContextArgumentResolver;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for registration, login and logout. Responses do not disclose the reason of a
 * refusal.
 */
@RestController
@RequestMapping(path = AuthController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "authentication")
class AuthController {
  static final String PATH = "/api/v1/auth";
  static final String MUST_BE_GIVEN = "is required";
  static final String TOO_LONG = "must be at most 1024 characters";

  private final MessageGateway messageGateway;
  private final LoginService loginService;
  private final LocalRequest localRequest;

  AuthController(
      MessageGateway messageGateway, LoginService loginService, LocalRequest localRequest) {
    this.messageGateway = messageGateway;
    this.loginService = loginService;
    this.localRequest = localRequest;
  }

  @PostMapping(path = "/register", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @SecurityRequirements
  @Operation(operationId = "register", summary = "Register a user; the first one becomes the admin")
  Mono<RegisterResponse> register(
      @Valid @RequestBody RegisterRequest request,
      RequestMetadata requestMetadata,
      ServerHttpRequest http) {
    var setupToken = request.setupToken();
    var command =
        new RegisterUser(
            UserId.next(),
            FieldParser.parse("/email", request.email(), EmailAddress::new),
            FieldParser.parse("/name", request.name(), DisplayName::new),
            FieldParser.parse("/password", request.password(), Password::new),
            localRequest.isOnThisMachine(http),
            setupToken == null ? null : new Secret(setupToken));
    return messageGateway.<UserId>send(requestMetadata, command).map(RegisterResponse::new);
  }

  @PostMapping(path = "/login", consumes = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(operationId = "login", summary = "Log in with email address and password")
  Mono<ResponseEntity<TokenResponse>> login(
      @Valid @RequestBody LoginRequest loginRequest,
      RequestMetadata requestMetadata,
      ServerHttpRequest request) {
    return loginService
        .sendForTokens(
            requestMetadata, new SignIn(loginRequest.email(), new Secret(loginRequest.password())))
        .map(
            tokens ->
                LoginService.toResponse(
                    tokens, Boolean.TRUE.equals(loginRequest.cookie()), request));
  }

  @PostMapping(path = "/refresh", consumes = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(
      operationId = "refreshToken",
      summary = "Exchange a refresh token for new tokens; using one twice ends the login")
  Mono<ResponseEntity<TokenResponse>> refresh(
      @Valid @RequestBody RefreshTokenRequest refreshTokenRequest,
      RequestMetadata requestMetadata,
      ServerHttpRequest request) {
    return loginService
        .sendForTokens(
            requestMetadata, new RefreshLogin(new Secret(refreshTokenRequest.refreshToken())))
        .map(
            tokens ->
                LoginService.toResponse(
                    tokens, Boolean.TRUE.equals(refreshTokenRequest.cookie()), request));
  }

  @PostMapping("/logout")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @SecurityRequirements
  @Operation(
      operationId = "logout",
      summary =
          "End the login of the refresh token, or without one that of the request's access token")
  Mono<Void> logout(
      @Valid @RequestBody(required = false) @Nullable LogoutRequest logoutRequest,
      RequestMetadata requestMetadata,
      ServerHttpRequest request,
      ServerHttpResponse response) {
    var token = logoutRequest == null ? null : logoutRequest.refreshToken();
    response.addCookie(AccessTokenCookie.createExpired(request));
    if (token != null)
      return messageGateway.send(requestMetadata, new RevokeRefreshToken(new Secret(token)));
    return RequestContextArgumentResolver.resolve(requestMetadata)
        .flatMap(
            requestContext ->
                messageGateway.<Void>send(
                    requestContext.orElseThrow(
                        () -> new AuthenticationCredentialsNotFoundException("no caller")),
                    new SignOut()));
  }

  @PostMapping("/logout-all")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "logoutEverywhere", summary = "End all logins of the current user")
  Mono<Void> logoutEverywhere(
      RequestContext context, ServerHttpRequest request, ServerHttpResponse response) {
    response.addCookie(AccessTokenCookie.createExpired(request));
    return messageGateway.send(context, new SignOutEverywhere(context.caller().user()));
  }

  @GetMapping("/me")
  @Operation(operationId = "getCurrentUser", summary = "Get the current user and their permissions")
  Mono<CurrentUserView> getCurrentUser(RequestContext context) {
    return messageGateway.query(
        context, new FindCurrentUser(context.tenant()), CurrentUserView.class);
  }

  @PostMapping(path = "/password", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "changePassword",
      summary = "Change the password and end all other logins")
  Mono<Void> changePassword(
      @Valid @RequestBody ChangePasswordRequest request, RequestContext context) {
    var command =
        new ChangePassword(
            context.caller().user(),
            new Secret(request.currentPassword()),
            FieldParser.parse("/new_password", request.newPassword(), Password::new));
    return messageGateway
        .<SignInResult>send(context, command)
        .doOnNext(
            signInResult -> {
              if (signInResult instanceof SignInResult.Refused refused)
                throw new RejectionException(refused.rejection());
            })
        .then();
  }
}

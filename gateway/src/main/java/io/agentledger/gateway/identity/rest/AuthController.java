package io.agentledger.gateway.identity.rest;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.IdentityQuery.WhoAmI;
import io.agentledger.api.identity.LoginCommand.ForgetLogin;
import io.agentledger.api.identity.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.LoginCommand.SignIn;
import io.agentledger.api.identity.LoginCommand.SignOut;
import io.agentledger.api.identity.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.MeView;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.SignInAnswer;
import io.agentledger.api.identity.UserCommand.ChangePassword;
import io.agentledger.api.identity.UserCommand.Register;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejected;
import io.agentledger.gateway.identity.SessionCookie;
import io.agentledger.gateway.identity.Visits;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Knock;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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

/** Signing up, in and out. Why somebody is refused is not told apart. */
@RestController
@RequestMapping(path = AuthController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "signing in")
class AuthController {
  static final String PATH = "/api/v1/auth";
  private static final String NEEDED = "must be given";
  private static final String LONG = "must be at most 1024 characters";

  private final Bus bus;
  private final SigningIn signingIn;

  AuthController(Bus bus, SigningIn signingIn) {
    this.bus = bus;
    this.signingIn = signingIn;
  }

  /** Somebody who wants to join. */
  record NewAccount(
      @NotNull(message = NEEDED) @Size(max = EmailAddress.LENGTH_MAX, message = LONG) String email,
      @NotNull(message = NEEDED) @Size(max = 1024, message = LONG) @Plain String name,
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG) String password) {
    @Override
    public String toString() {
      return "NewAccount";
    }
  }

  /** Who has joined. */
  record Joined(UserId userId) {}

  /**
   * Somebody who wants in.
   *
   * @param cookie whether the browser shall keep the access token, too
   */
  record NewLogin(
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG) String email,
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG) String password,
      @Nullable Boolean cookie) {
    @Override
    public String toString() {
      return "NewLogin";
    }
  }

  /** A refresh token. */
  record Refresh(
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG) String refreshToken,
      @Nullable Boolean cookie) {
    @Override
    public String toString() {
      return "Refresh";
    }
  }

  /** Which login to end; without a token the one that this is asked with. */
  record Leaving(@Nullable @Size(max = Secret.LENGTH_MAX, message = LONG) String refreshToken) {
    @Override
    public String toString() {
      return "Leaving";
    }
  }

  /** Another password. */
  record NewPassword(
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG)
          String currentPassword,
      @NotNull(message = NEEDED) @Size(max = Secret.LENGTH_MAX, message = LONG)
          String newPassword) {
    @Override
    public String toString() {
      return "NewPassword";
    }
  }

  @PostMapping(path = "/register", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @SecurityRequirements
  @Operation(operationId = "register", summary = "Signs up; the first one is the admin")
  Mono<Joined> register(@Valid @RequestBody NewAccount wish, Knock knock) {
    var command =
        new Register(
            UserId.next(),
            Given.as("/email", wish.email(), EmailAddress::new),
            Given.as("/name", wish.name(), DisplayName::new),
            Given.as("/password", wish.password(), Password::new));
    return bus.<UserId>send(knock, command).map(Joined::new);
  }

  @PostMapping(path = "/login", consumes = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(operationId = "login", summary = "Signs in with address and password")
  Mono<ResponseEntity<TokenAnswer>> login(
      @Valid @RequestBody NewLogin wish, Knock knock, ServerHttpRequest request) {
    return signingIn
        .tokens(knock, new SignIn(wish.email(), new Secret(wish.password())))
        .map(tokens -> SigningIn.answer(tokens, Boolean.TRUE.equals(wish.cookie()), request));
  }

  @PostMapping(path = "/refresh", consumes = MediaType.APPLICATION_JSON_VALUE)
  @SecurityRequirements
  @Operation(
      operationId = "refresh",
      summary = "The next tokens; one that is used twice ends the login")
  Mono<ResponseEntity<TokenAnswer>> refresh(
      @Valid @RequestBody Refresh wish, Knock knock, ServerHttpRequest request) {
    return signingIn
        .tokens(knock, new RefreshLogin(new Secret(wish.refreshToken())))
        .map(tokens -> SigningIn.answer(tokens, Boolean.TRUE.equals(wish.cookie()), request));
  }

  @PostMapping("/logout")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "logout",
      summary = "Ends this login; with its refresh token alone where the access token is over")
  Mono<Void> logout(
      @Valid @RequestBody(required = false) @Nullable Leaving wish,
      Knock knock,
      ServerHttpRequest request,
      ServerHttpResponse response) {
    var token = wish == null ? null : wish.refreshToken();
    response.addCookie(SessionCookie.none(request));
    if (token != null) return bus.send(knock, new ForgetLogin(new Secret(token)));
    return Visits.of(knock)
        .flatMap(
            visit ->
                bus.<Void>send(
                    visit.orElseThrow(
                        () -> new AuthenticationCredentialsNotFoundException("no caller")),
                    new SignOut()));
  }

  @PostMapping("/logout-all")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "logoutEverywhere", summary = "Ends all of one's logins")
  Mono<Void> logoutEverywhere(Visit visit, ServerHttpRequest request, ServerHttpResponse response) {
    response.addCookie(SessionCookie.none(request));
    return bus.send(visit, new SignOutEverywhere(visit.caller().user()));
  }

  @GetMapping("/me")
  @Operation(operationId = "whoAmI", summary = "Who one is, and what one may do")
  Mono<MeView> me(Visit visit) {
    return bus.ask(visit, new WhoAmI(visit.tenant()), MeView.class);
  }

  @PostMapping(path = "/password", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "changePassword", summary = "Changes the password; ends other logins")
  Mono<Void> changePassword(@Valid @RequestBody NewPassword wish, Visit visit) {
    var command =
        new ChangePassword(
            visit.caller().user(),
            new Secret(wish.currentPassword()),
            Given.as("/new_password", wish.newPassword(), Password::new));
    return bus.<SignInAnswer>send(visit, command)
        .doOnNext(
            answer -> {
              if (answer instanceof SignInAnswer.Refused no) throw new Rejected(no.rejection());
            })
        .then();
  }
}

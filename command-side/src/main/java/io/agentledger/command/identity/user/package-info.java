/** Tenants, users and invitations. */
@NullMarked
package io.agentledger.command.identity.user;

import org.jspecify.annotations.NullMarked;

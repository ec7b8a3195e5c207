/** Events about tenants, users, credentials and logins. */
@NullMarked
package io.agentledger.api.identity.event;

import org.jspecify.annotations.NullMarked;

// Package web shows: the console of the offices under /admin/ and the phone
// pages under /h/, drawn on the server from embedded templates, without
// scripts. What a page reads goes through the store as its visitor may see it.
package web

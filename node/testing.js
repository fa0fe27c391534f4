// For resolvers that do not know "exports": libine/testing.
module.exports = require('./dist/testing.js');
